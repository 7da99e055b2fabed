import { NotHeldError } from '@tracelab/command';
import { HttpTarget } from '../attack/http-target.ts';
import { NO_ANSWER } from '../attack/shots.ts';
import { isSuccess } from '../measure/shots-summary.ts';
import type { ClosedLoad, LoadOutcome, RunLoad } from '../overhead/closed-loop.ts';

const ANSWER_LIMIT_MS = 5000;

/**
 * The closed loop for services of others. Unlike autocannon, which counts a request that a server closed its connection on
 * as sent and loses it, it sends as many as it says to servers that close after each answer (HTTP/1.0) too. Throws a NotHeldError
 * where not one request got 2xx, and where as many in a row as there are connections got no answer: such a service cannot be measured.
 */
export function serviceLoad(answerLimitMs: number = ANSWER_LIMIT_MS): RunLoad {
  return async (load, amount, signal) => {
    const target = new HttpTarget({ origin: load.url, connections: load.connections, answerLimitMs });
    try {
      return await send(target, load, { amount, signal });
    } finally {
      await target.close();
    }
  };
}

async function send(
  target: HttpTarget,
  load: ClosedLoad,
  { amount, signal }: { amount: number; signal: AbortSignal },
): Promise<LoadOutcome> {
  const stop = (): void => void target.close();
  signal.addEventListener('abort', stop);
  const startedMs = performance.now();
  const tally = {
    statuses: new Map<number, number>(),
    silentInRow: 0,
    gaveUp: false,
    sent: 0,
    lastAnswerMs: startedMs,
  };
  const isOver = (): boolean => tally.sent >= amount || tally.gaveUp || signal.aborted;
  const sendInTurn = async (): Promise<void> => {
    while (!isOver()) {
      const request = load.requests[tally.sent++ % load.requests.length];
      if (request === undefined) return;
      const status = await target.send(request);
      if (signal.aborted) return;
      tally.statuses.set(status, (tally.statuses.get(status) ?? 0) + 1);
      tally.silentInRow = status === NO_ANSWER ? tally.silentInRow + 1 : 0;
      tally.gaveUp ||= tally.silentInRow >= load.connections;
      if (status !== NO_ANSWER) tally.lastAnswerMs = performance.now();
    }
  };
  try {
    await Promise.all(Array.from({ length: load.connections }, sendInTurn));
  } finally {
    signal.removeEventListener('abort', stop);
  }
  const outcome = outcomeOf(tally.statuses, tally.lastAnswerMs - startedMs);
  if (!signal.aborted && (tally.gaveUp || outcome.requests === 0 || outcome.failures >= tally.sent))
    throw new NotHeldError(`${load.url} cannot be measured: ${describe(tally.statuses, [...target.failures.keys()])}`);
  return outcome;
}

function outcomeOf(statuses: ReadonlyMap<number, number>, durationMs: number): LoadOutcome {
  const count = (belongs: (status: number) => boolean): number =>
    [...statuses].filter(([status]) => belongs(status)).reduce((sum, [, number]) => sum + number, 0);
  return {
    requests: count((status) => status !== NO_ANSWER),
    failures: count((status) => !isSuccess(status)),
    durationMs,
  };
}

/** "of 412 requests 400 were answered with 404, 12 not at all (ECONNREFUSED)" */
function describe(statuses: ReadonlyMap<number, number>, reasons: readonly string[]): string {
  const total = [...statuses.values()].reduce((sum, number) => sum + number, 0);
  const parts = [...statuses].map(([status, number]) =>
    status === NO_ANSWER ? `${number} not at all (${reasons.join(', ')})` : `${number} were answered with ${status}`,
  );
  return `of ${total} requests ${parts.join(', ')}`;
}
