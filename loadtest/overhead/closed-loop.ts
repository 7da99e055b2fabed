import autocannon from 'autocannon';
import type { TargetRequest } from '../attack/http-target.ts';

/** What a block sends, over and over: the requests in turn, on every connection. */
export interface ClosedLoad {
  url: string;
  requests: readonly TargetRequest[];
  connections: number;
}

export interface LoadOutcome {
  /** Answered, whatever the status. */
  requests: number;
  failures: number;
  /** From the first connection to the last answer. */
  durationMs: number;
}

/** Sends the load until so many requests were answered, or until it is told to stop. */
export type RunLoad = (load: ClosedLoad, amount: number, signal: AbortSignal) => Promise<LoadOutcome>;

/** Connection errors after which the load gives up: autocannon would reconnect without a pause for ever. */
const ERRORS_MAX = 50;
const ANSWER_LIMIT_S = 10;
/** How often autocannon looks whether it is done; its default of a second would stretch every block to one. */
const LOOK_INTERVAL_MS = 5;

/**
 * Closed loop, as fast as the target answers, until `amount` requests were answered: none is cut off at the end, so CPU,
 * requests and traces of a block belong together. Sends no traceparent: the target starts the trace and decides.
 * Only counts and the elapsed time are used; autocannon's latencies are not trustworthy here (its histogram holds whole
 * milliseconds), so they are never shown. (`ignoreCoordinatedOmission` is refused by autocannon 9 where there is no rate,
 * which is where its false correction does not run.)
 */
export async function runClosedLoop(load: ClosedLoad, amount: number, signal: AbortSignal): Promise<LoadOutcome> {
  const { promise, resolve, reject } = Promise.withResolvers<autocannon.Result>();
  const startedMs = performance.now();
  let lastAnswerMs = startedMs;
  const instance = autocannon(
    {
      url: load.url,
      connections: load.connections,
      amount: Math.max(amount, load.connections),
      timeout: ANSWER_LIMIT_S,
      bailout: ERRORS_MAX,
      sampleInt: LOOK_INTERVAL_MS,
      setupClient: startsElsewhere(load),
    },
    (error: unknown, result) => (error instanceof Error ? reject(error) : resolve(result)),
  );
  instance.on('response', () => (lastAnswerMs = performance.now()));
  const stop = (): void => instance.stop();
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  try {
    return summarize(await promise, lastAnswerMs - startedMs);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Every connection takes the requests in turn, each from another place of the list: a short block, too, sees different ones. */
function startsElsewhere(load: ClosedLoad): (client: autocannon.Client) => void {
  const requests = load.requests.map((request) => ({ headers: {}, ...request }));
  let connection = 0;
  return (client) => {
    const from = Math.floor((connection++ * requests.length) / load.connections) % requests.length;
    client.setRequests([...requests.slice(from), ...requests.slice(0, from)]);
  };
}

function summarize(result: autocannon.Result, durationMs: number): LoadOutcome {
  const answered = result['1xx'] + result['2xx'] + result['3xx'] + result['4xx'] + result['5xx'];
  return { requests: answered, failures: answered - result['2xx'] + result.errors, durationMs };
}
