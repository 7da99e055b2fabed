import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { untilQuiet } from './until-quiet.ts';

/** A process that works at this many cores until a time, on a clock that only waiting moves. */
async function waitedMs(busyUntilMs: number, { cores = 0.5, leastMs = 1000, aborted = false } = {}): Promise<number> {
  let nowMs = 0;
  const signal = aborted ? AbortSignal.abort() : new AbortController().signal;
  await untilQuiet({
    readCpuUs: () => Math.min(nowMs, busyUntilMs) * 1000 * cores,
    nowMs: () => nowMs,
    sleep: async (ms) => void (nowMs += ms),
    leastMs,
    signal,
  });
  return nowMs;
}

describe('untilQuiet', () => {
  it('waits as long as the process works, and no longer than to see that it has stopped', async () => {
    const waited = await waitedMs(3000);
    assert.ok(waited >= 3000 && waited <= 3500, `${waited} ms`);
  });

  it('waits at least for what is decided on a timer', async () => {
    assert.equal(await waitedMs(0), 1000);
  });

  it('takes the work of a process at rest for none', async () => {
    assert.equal(await waitedMs(Infinity, { cores: 0.01 }), 1000);
  });

  it('gives up on a process that never stops, and at once where the end was asked for', async () => {
    assert.equal(await waitedMs(Infinity), 21_000);
    assert.equal(await waitedMs(Infinity, { leastMs: 60_000 }), 80_000);
    assert.equal(await waitedMs(Infinity, { aborted: true }), 0);
  });
});
