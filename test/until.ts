import { setTimeout as pause } from 'node:timers/promises';

const DEADLINE_MS = 20_000;
const PAUSE_MS = 10;

/**
 * Polls for what no event announces, in the tests of every room: resolves with the first value that is neither undefined nor
 * false; rejects after the deadline and says what was waited for.
 */
export async function until<Value>(
  what: string | (() => string),
  look: () => Promise<Value | undefined | false> | Value | undefined | false,
  deadlineMs: number = DEADLINE_MS,
): Promise<Value> {
  const endMs = performance.now() + deadlineMs;
  for (;;) {
    const value = await look();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > endMs)
      throw new Error(`waited ${deadlineMs} ms in vain: ${typeof what === 'string' ? what : what()}`);
    await pause(PAUSE_MS);
  }
}
