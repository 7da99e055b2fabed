import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { createRandom, shuffle } from './random.ts';

function draw(seed: number, count: number): number[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => random.next());
}

describe('createRandom', () => {
  it('repeats itself for a seed and differs for its neighbour', () => {
    fc.assert(
      fc.property(fc.nat(0xffff_ffff), (seed) => {
        assert.deepEqual(draw(seed, 4), draw(seed, 4));
        assert.notDeepEqual(draw(seed, 4), draw(seed + 1, 4));
      }),
    );
  });

  it('is the published xoshiro128**: seed 1 gives what an implementation in Python gave', () => {
    const words = draw(1, 3).map((number) => number * 2 ** 32);
    assert.deepEqual(words, [393288148, 2174103013, 3814759091]);
  });

  it('fills [0, 1) evenly', () => {
    const counts = Array.from({ length: 16 }, () => 0);
    for (const number of draw(4, 16_000)) {
      const sixteenth = Math.floor(number * 16);
      counts[sixteenth] = (counts[sixteenth] ?? 0) + 1;
    }
    for (const count of counts) assert.ok(count > 880 && count < 1120, `a sixteenth had ${count} of 16000`);
  });
});

describe('shuffle', () => {
  it('holds every item once, and comes again with its seed', () => {
    const items = [1, 2, 3, 4, 5, 6, 7, 8];
    const shuffled = shuffle(items, createRandom(1));
    assert.deepEqual(
      [...shuffled].sort((one, other) => one - other),
      items,
    );
    assert.deepEqual(shuffle(items, createRandom(1)), shuffled);
    assert.notDeepEqual(shuffled, items);
  });

  it('comes to every order', () => {
    const random = createRandom(5);
    const orders = new Set(Array.from({ length: 500 }, () => shuffle([1, 2, 3], random).join('')));
    assert.equal(orders.size, 6);
  });
});
