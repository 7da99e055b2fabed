import type { Pacer } from '../pace/pacer.ts';

/** Real time and a real target, or a test's. */
export interface OpenLoop {
  pacer: Pacer;
  /** Requests that are measured, after `settleRequests` that are sent in the same way and not measured. */
  requests: number;
  settleRequests: number;
  /** Resolves when the answer is there in full: true where it is 2xx. Never rejects. */
  send: () => Promise<boolean>;
  nowMs: () => number;
  /** Resolves at that time or a little later. */
  waitUntil: (timeMs: number) => Promise<void>;
}

export interface OpenLoopOutcome {
  /** From the intended start to the whole answer, sorted, in whole microseconds; without the failed ones. */
  latenciesUs: number[];
  /** How much later than intended the requests were really sent, sorted, in whole microseconds. */
  latenessUs: number[];
  failures: number;
}

/**
 * Sends when the schedule says, whether or not the target keeps up, and measures from the intended start: what waits
 * because the target or this sender is slow is latency (the rule of wrk2). Late sends stay late and are reported.
 */
export async function runOpenLoop(loop: OpenLoop): Promise<OpenLoopOutcome> {
  const startMs = loop.nowMs();
  const latencies: number[] = [];
  const lateness: number[] = [];
  const answers: Promise<void>[] = [];
  let failures = 0;
  const sendOne = async (dueMs: number, isMeasured: boolean): Promise<void> => {
    const isAnswered = await loop.send();
    if (!isMeasured) return;
    if (isAnswered) latencies.push(loop.nowMs() - dueMs);
    else failures++;
  };
  const count = loop.settleRequests + loop.requests;
  for (let sent = 0; sent < count; sent++) {
    const dueMs = startMs + loop.pacer(loop.nowMs() - startMs, sent);
    if (loop.nowMs() < dueMs) await loop.waitUntil(dueMs);
    const isMeasured = sent >= loop.settleRequests;
    if (isMeasured) lateness.push(loop.nowMs() - dueMs);
    answers.push(sendOne(dueMs, isMeasured));
  }
  await Promise.all(answers);
  return { latenciesUs: sortedUs(latencies), latenessUs: sortedUs(lateness), failures };
}

function sortedUs(valuesMs: readonly number[]): number[] {
  return valuesMs.map((ms) => Math.round(ms * 1000)).sort((one, other) => one - other);
}
