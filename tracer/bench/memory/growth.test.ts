import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { slopeOf } from './growth.ts';

const points = (ys: readonly number[]) => ys.map((y, index) => ({ x: index, y }));

describe('slopeOf', () => {
  it('finds a leak of any size exactly where there is no noise', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: 5, max: 30 }), (leak, count) => {
        const { estimate, low, high } = slopeOf(points(Array.from({ length: count }, (_, x) => 7 + leak * x)));
        assert.deepEqual([estimate, low, high], [leak, leak, leak]);
      }),
    );
  });

  it('takes one step up or down for no trend', () => {
    const { low, high } = slopeOf(points([5, 5, 5, 9, 9, 9, 9, 9, 9, 9]));
    assert.ok(low <= 0 && high < 1);
    assert.equal(slopeOf(points([9, 9, 2, 2, 2, 2, 2, 2, 2, 2])).estimate, 0);
  });

  it('holds its estimate in its interval', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1e9 }), { minLength: 5, maxLength: 20 }), (ys) => {
        const { estimate, low, high } = slopeOf(points(ys));
        assert.ok(low <= estimate && estimate <= high);
      }),
    );
  });

  it('refuses fewer than five points', () => {
    assert.throws(() => slopeOf(points([1, 2, 3, 4])), /at least five points: there were 4/);
  });
});
