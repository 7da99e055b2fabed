import type { Pacer } from '../pace/pacer.ts';
import { emptyShots, NOT_SENT, UNFINISHED, type Shots } from './shots.ts';

/** Real time and a real target, or a test's. */
export interface Attack {
  pacer: Pacer;
  /** No request is sent after so many, nor one that is due after so long; Infinity: the other bound is enough. */
  requestsMax: number;
  durationMs: number;
  /** Requests unanswered at one time. One that is due beyond that is not sent, and is kept as such: an open loop must not pile up without bound. */
  inFlightMax: number;
  /** Resolves when the whole answer is there, with its status, or with NO_ANSWER. Never rejects. */
  send: () => Promise<number>;
  nowMs: () => number;
  /** Resolves at that time or a little later. */
  waitUntil: (timeMs: number) => Promise<void>;
  /** Ends the load early; what is under way then stays unfinished. */
  signal: AbortSignal;
}

/**
 * Sends when the schedule says, whether or not the target keeps up, and measures from the intended start: what waits
 * because the target or this sender is slow is latency (the rule of wrk2). Late sends stay late and are kept as late.
 */
export async function runAttack(attack: Attack): Promise<Shots> {
  const shots = emptyShots();
  const answers = new Set<Promise<void>>();
  const end = endingWith(attack.signal);
  const startMs = attack.nowMs();
  for (let index = 0; index < attack.requestsMax; index++) {
    const dueInMs = attack.pacer(index);
    if (dueInMs >= attack.durationMs) break;
    const dueMs = startMs + dueInMs;
    if (attack.nowMs() < dueMs) await end.before(attack.waitUntil(dueMs));
    if (attack.signal.aborted) break;
    noteSent(shots, dueInMs, attack.nowMs() - dueMs);
    if (answers.size >= attack.inFlightMax) {
      shots.status[index] = NOT_SENT;
      continue;
    }
    const answer: Promise<void> = finish(attack, shots, { index, dueMs }).finally(() => answers.delete(answer));
    answers.add(answer);
  }
  await end.before(Promise.all(answers));
  end.forget();
  return shots;
}

function noteSent(shots: Shots, dueInMs: number, latenessMs: number): void {
  shots.dueUs.push(toUs(dueInMs));
  shots.latenessUs.push(toUs(latenessMs));
  shots.latencyUs.push(0);
  shots.status.push(UNFINISHED);
}

async function finish(attack: Attack, shots: Shots, at: { index: number; dueMs: number }): Promise<void> {
  const status = await attack.send();
  // What comes after the end was promised to be unfinished.
  if (attack.signal.aborted) return;
  shots.status[at.index] = status;
  shots.latencyUs[at.index] = toUs(attack.nowMs() - at.dueMs);
}

/**
 * Waits that an abort cuts short. Not by Promise.race with a promise of the abort: that one would keep something of every
 * wait until the end, and the collecting of all this made the sender 20 ms late once a second.
 */
function endingWith(signal: AbortSignal): { before: (wait: Promise<unknown>) => Promise<void>; forget: () => void } {
  let cutShort = (): void => {};
  const end = (): void => cutShort();
  signal.addEventListener('abort', end);
  return {
    before: (wait) =>
      new Promise((resolve, reject) => {
        cutShort = resolve;
        wait.then(() => resolve(), reject);
        if (signal.aborted) resolve();
      }),
    forget: () => signal.removeEventListener('abort', end),
  };
}

function toUs(ms: number): number {
  return Math.round(ms * 1000);
}
