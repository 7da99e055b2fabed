import { freePorts, listen, NotHeldError, type TracerName } from '@tracelab/command';
import { LOOPBACK_HOST, SERVICES } from '@tracelab/protocol';
import { chooseCheckouts, type NextRequest } from '../attack/choose-requests.ts';
import { runClosedLoop } from '../overhead/closed-loop.ts';
import { DEFAULT_REGIME } from '../overhead/measure-settings.ts';
import { startCopies, type Copies } from '../overhead/process-set.ts';
import { planCheckout } from '../overhead/program-plan.ts';
import { createSink } from '../sink/server.ts';
import { createTally, type Tally } from '../sink/tally.ts';
import type { Random } from '../target/random.ts';
import type { Recording } from './recording.ts';

/** Few, so that no tracer's queue overflows: a trace with a hole would not be a real one. */
const CONNECTIONS = 4;

export interface CheckoutsPlan {
  title: string;
  tracer: TracerName;
  checkouts: number;
  random: Random;
  dataFolder: string;
  signal: AbortSignal;
}

/**
 * Starts the shop's real processes with a tracer, sends so many checkouts, and keeps the export requests that they make. Throws
 * a NotHeldError where a checkout failed or spans were dropped.
 */
export async function recordCheckouts(plan: CheckoutsPlan): Promise<Recording> {
  const requests: Uint8Array[] = [];
  const tally = createTally();
  const sink = createSink(keeping(tally, requests));
  try {
    const { url } = await listen(sink, { host: LOOPBACK_HOST, port: 0, variable: '--port', what: 'sink' });
    const surroundings = { sinkUrl: url, dataFolder: plan.dataFolder, exportDelayMs: DEFAULT_REGIME.exportDelayMs };
    const set = await startCopies(planCheckout(plan, await freePorts(SERVICES.length)), surroundings);
    try {
      const next = await chooseCheckouts(set.entryUrl, plan.random);
      await set.untilDelivered();
      // Asking what the shop sells was a trace as well, but no checkout.
      requests.length = 0;
      tally.endPeriod();
      await sendCheckouts(set, next, plan);
    } finally {
      await set.stop();
    }
    const { spans, traces } = tally.endPeriod();
    return { title: plan.title, requests, spans, traces };
  } finally {
    await sink.close();
  }
}

function keeping(tally: Tally, requests: Uint8Array[]): Tally {
  return {
    ...tally,
    add: (body) => {
      const counted = tally.add(body);
      if (counted.ok) requests.push(body);
      return counted;
    },
  };
}

async function sendCheckouts(
  set: Copies,
  next: NextRequest,
  { checkouts, signal, title }: CheckoutsPlan,
): Promise<void> {
  const load = { url: set.entryUrl, requests: Array.from({ length: checkouts }, next), connections: CONNECTIONS };
  const outcome = await runClosedLoop(load, checkouts, signal);
  signal.throwIfAborted();
  if (outcome.failures > 0 || outcome.requests < checkouts)
    throw new NotHeldError(
      `${title}: ${outcome.requests - outcome.failures} of ${checkouts} checkouts succeeded: no trace of a failed one is what a shop stores`,
    );
  await set.untilDelivered();
  const { spansDropped, spansUndelivered } = await set.usage();
  if (spansDropped + spansUndelivered > 0)
    throw new NotHeldError(
      `${title}: ${spansDropped} spans were dropped by the tracers and ${spansUndelivered} not delivered in time: run it again while the machine does less`,
    );
}
