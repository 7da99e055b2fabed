import { del, put, type Params } from 'k6/http';
import type { FaultSpec } from '../../../protocol/index.ts';
import { SLOW_MS, switchTimes } from './scenarios.ts';
import type { Settings } from './settings.ts';

/** Half of the charges are slow, a quarter of the orders fail before they are charged. */
const FAULTS: readonly { id: string; spec: FaultSpec }[] = [
  {
    id: 'k6-slow',
    spec: { service: 'bank', route: '/charge', probability: 0.5, delay: { kind: 'fixed', ms: SLOW_MS } },
  },
  {
    id: 'k6-error',
    spec: {
      service: 'inventory',
      route: '/reservations',
      method: 'POST',
      probability: 0.25,
      abort: { kind: 'status', status: 503 },
    },
  },
];

/** A killed k6 leaves nothing behind: its faults end by themselves this long after they should have been switched off. */
const OUTLIVE_MS = 10_000;

/** Throws where a fault is not in force afterwards. */
export function putFaults(settings: Settings): void {
  for (const { id, spec } of FAULTS) {
    const body = JSON.stringify({ ...spec, durationMs: lifetimeMs(settings) });
    const reply = put(addressOf(settings, id), body, parametersOf(settings, { 'content-type': 'application/json' }));
    if (reply.status === 200) continue;
    const why =
      reply.status === 202 ? `${spec.service} is away` : `${reply.status} ${reply.error} ${JSON.stringify(reply.body)}`;
    throw new Error(`PUT ${addressOf(settings, id)} put no fault in force: ${why}`);
  }
}

/** Throws where the control does not say that they are gone; that there were none is fine. */
export function clearFaults(settings: Settings): void {
  for (const { id } of FAULTS) {
    const reply = del(addressOf(settings, id), null, parametersOf(settings));
    if (reply.status === 200 || reply.status === 404) continue;
    throw new Error(
      `DELETE ${addressOf(settings, id)} answered ${reply.status} ${reply.error}: is the lab running (npm start), and LAB_CONTROL_URL its control?`,
    );
  }
}

function lifetimeMs({ phases }: Settings): number {
  const { onMs, offMs } = switchTimes(phases);
  return Math.round(offMs - onMs + OUTLIVE_MS);
}

function addressOf({ controlUrl }: Settings, id: string): string {
  return `${controlUrl}/_lab/faults/${id}`;
}

/** No content type where there is no content: the control refuses that. */
function parametersOf({ controlToken }: Settings, headers: Record<string, string> = {}): Params {
  return { headers: controlToken === '' ? headers : { ...headers, authorization: `Bearer ${controlToken}` } };
}
