import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { shareRounds } from './share-rounds.ts';

describe('a shared round', () => {
  it('runs once more for all who asked while one was under way, never two at once', async () => {
    const ends: (() => void)[] = [];
    let running = 0;
    const ask = shareRounds(async () => {
      assert.equal(++running, 1);
      await new Promise<void>((resolve) => ends.push(resolve));
      running--;
      return ends.length;
    });
    const first = ask();
    const others = Array.from({ length: 1000 }, () => ask());
    ends[0]?.();
    assert.equal(await first, 1);
    await Promise.resolve();
    ends[1]?.();
    assert.deepEqual(new Set(await Promise.all(others)), new Set([2]));
    const later = ask();
    ends[2]?.();
    assert.equal(await later, 3);
  });

  it('goes on after one that failed', async () => {
    let rounds = 0;
    const ask = shareRounds(async () => {
      rounds++;
      if (rounds === 1) throw new Error('first');
      return rounds;
    });
    const [first, second] = await Promise.allSettled([ask(), ask()]);
    assert.equal(first.status, 'rejected');
    assert.deepEqual(second, { status: 'fulfilled', value: 2 });
    assert.equal(await ask(), 3);
  });
});
