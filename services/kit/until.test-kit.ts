import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';

const DEADLINE_MS = 10_000;
const PAUSE_MS = 5;

/** Waits until something is true; fails with its name after ten seconds. */
export async function until(what: string, isTrue: () => Promise<boolean> | boolean): Promise<void> {
  const endMs = performance.now() + DEADLINE_MS;
  while (!(await isTrue())) {
    assert.ok(performance.now() < endMs, `not within ${DEADLINE_MS} ms: ${what}`);
    await pause(PAUSE_MS);
  }
}
