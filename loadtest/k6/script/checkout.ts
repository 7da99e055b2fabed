/**
 * Checkouts of the shop in one of the scenarios of scenarios.ts: an open loop, so a slow shop does not slow the load down.
 * Run with k6 (1.0 or later, which strips the types itself), or by `npm run k6`, which also saves every request:
 *
 *     k6 run -e SCENARIO=spike -e RATE=20 -e DURATION=30s -e GATEWAY_URL=http://127.0.0.1:4600 loadtest/k6/script/checkout.ts
 *
 * Ends with 99 where a threshold fails. Each request begins a trace here, at the client (CLIENT_RATE).
 */
import { check } from 'k6';
import { test } from 'k6/execution';
import { get, post } from 'k6/http';
import { Rate } from 'k6/metrics';
import type { Options } from 'k6/options';
import { skusOf } from '../../target/catalogue.ts';
import { drawCheckout } from '../../target/mix.ts';
import { clearFaults, putFaults } from './faults.ts';
import { optionsOf } from './options.ts';
import { SLOW_MS } from './scenarios.ts';
import { readSettings } from './settings.ts';
import { renderSummary, summaryOf } from './summary.ts';
import { createTraceparents, NO_TRACEPARENT } from './traceparents.ts';

const settings = readSettings(__ENV);
const traceparents = createTraceparents(settings.clientRate);
const slowCheckouts = new Rate('slow_checkouts');

export const options: Options = optionsOf(settings);

export interface SetupData {
  skus: string[];
}

/** Once before the load: what the shop sells, and no fault of an earlier run. */
export function setup(): SetupData {
  requireScenarios();
  if (settings.scenario === 'faults') clearFaults(settings);
  const reply = get(`${settings.gatewayUrl}/products`);
  if (reply.status !== 200)
    throw new Error(
      `GET ${settings.gatewayUrl}/products answered ${reply.status} ${reply.error}: is the lab running (npm start)?`,
    );
  return { skus: skusOf(reply.json()) };
}

/** One shopper. */
export default function checkOut(data: SetupData): void {
  const body = JSON.stringify(drawCheckout(data.skus, Math.random));
  const reply = post(`${settings.gatewayUrl}/checkout`, body, { headers: headersOfNext() });
  slowCheckouts.add(reply.timings.duration >= SLOW_MS);
  check(reply, { 'the order is placed': (answer) => answer.status === 200 });
}

/** A scenario of its own, between `before` and `during`. Where the faults are not in force the rest would say nothing. */
export function switchFaultsOn(): void {
  orAbort(() => putFaults(settings));
}

/** Between `during` and `after`. */
export function switchFaultsOff(): void {
  orAbort(() => clearFaults(settings));
}

/** Also where k6 was stopped half-way. */
export function teardown(): void {
  if (settings.scenario === 'faults') clearFaults(settings);
}

/** A few lines on stdout, and all aggregates to SUMMARY_FILE. */
export function handleSummary(data: unknown): Record<string, string> {
  const summary = summaryOf(data, settings);
  const files = settings.summaryFile === '' ? {} : { [settings.summaryFile]: `${JSON.stringify(summary)}\n` };
  return { stdout: renderSummary(summary, settings), ...files };
}

function headersOfNext(): Record<string, string> {
  const content = { 'content-type': 'application/json' };
  return settings.clientRate === NO_TRACEPARENT ? content : { ...content, traceparent: traceparents.next() };
}

/** K6_VUS, K6_DURATION, K6_ITERATIONS and K6_STAGES, and the flags of their names, make k6 drop the scenarios without a word. */
function requireScenarios(): void {
  const known = Object.keys(test.options.scenarios ?? {});
  if (settings.phases.every((phase) => known.includes(phase.name))) return;
  throw new Error(
    `k6 does not run the scenario ${settings.scenario} (it has ${known.join(', ')}): unset K6_VUS, K6_DURATION, K6_ITERATIONS and K6_STAGES, and give no --vus, --duration, --iterations or --stage`,
  );
}

function orAbort(act: () => void): void {
  try {
    act();
  } catch (error) {
    test.abort(error instanceof Error ? error.message : String(error));
  }
}
