import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryDecisionLog } from './memory-log.ts';

const idOf = (index: number): Uint8Array => Buffer.from(index.toString(16).padStart(32, '0'), 'hex');

describe('MemoryDecisionLog', () => {
  it('finds every record of a trace, oldest first', async () => {
    const log = new MemoryDecisionLog(10_000, () => 0);
    log.record(idOf(1), Uint8Array.of(1));
    log.record(idOf(2), Uint8Array.of(2));
    log.record(idOf(1), Uint8Array.of(3));
    assert.deepEqual(await log.find(idOf(1)), [Uint8Array.of(1), Uint8Array.of(3)]);
    assert.deepEqual(await log.find(idOf(3)), []);
    assert.equal(log.windowStartUnixMs, undefined);
  });

  it('forgets the oldest trace at its bound, and says since when it knows', async () => {
    let nowUnixMs = 0;
    const log = new MemoryDecisionLog(10_000, () => nowUnixMs);
    for (let index = 1; index <= 100; index++) {
      nowUnixMs = index;
      log.record(idOf(index), new Uint8Array(100));
    }
    assert.deepEqual(await log.find(idOf(1)), []);
    assert.equal((await log.find(idOf(100))).length, 1);
    const oldest = log.windowStartUnixMs ?? 0;
    assert.ok(oldest > 50 && oldest < 100);
    assert.equal((await log.find(idOf(oldest))).length, 1);
    assert.equal((await log.find(idOf(oldest - 1))).length, 0);
  });
});
