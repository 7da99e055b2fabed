import { setTimeout as delay } from 'node:timers/promises';

const DEADLINE_MS = 20_000;

/** Polls a condition; after the deadline it fails and says what it waited for. */
export async function until(condition: () => boolean, what: () => string): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what()}`);
    await delay(5);
  }
}
