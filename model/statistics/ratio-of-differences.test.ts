import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRandom } from '@tracelab/protocol';
import { drawNormal } from './draw-normal.ts';
import { ratioOfAdded, type AddedPair } from './ratio-of-differences.ts';

describe('ratioOfAdded', () => {
  it('is the ratio of the means, and certain where the restarts agree', () => {
    const { estimate, low, high } = ratioOfAdded([
      { numerator: 10, denominator: 100 },
      { numerator: 11, denominator: 110 },
      { numerator: 9, denominator: 90 },
    ]);
    for (const value of [estimate, low, high]) assert.ok(Math.abs(value - 0.1) < 1e-6, String(value));
  });

  it('gives the textbook interval', () => {
    // By hand: means 11 and 100, t(2) = 4.302653, variances of the means 1/3 and 100/3, covariance -5/3.
    const { estimate, low, high } = ratioOfAdded([
      { numerator: 10, denominator: 100 },
      { numerator: 11, denominator: 110 },
      { numerator: 12, denominator: 90 },
    ]);
    assert.ok(Math.abs(estimate - 0.11) < 1e-12);
    for (const ratio of [low, high]) {
      const t = (11 - ratio * 100) / Math.sqrt(1 / 3 + (ratio ** 2 * 100) / 3 - (2 * ratio * -5) / 3);
      assert.ok(Math.abs(Math.abs(t) - 4.302653) < 1e-6, String(t));
    }
  });

  it('has no bounds for one restart, nor where the denominator may be zero', () => {
    const one = ratioOfAdded([{ numerator: 1, denominator: 2 }]);
    assert.deepEqual([one.estimate, one.low, one.high], [0.5, -Infinity, Infinity]);
    const lost = ratioOfAdded([
      { numerator: 1, denominator: -30 },
      { numerator: 2, denominator: 32 },
    ]);
    assert.deepEqual([lost.low, lost.high], [-Infinity, Infinity]);
    assert.throws(() => ratioOfAdded([]), /at least one restart/);
  });

  it('holds the truth in 92 to 98 of 100 runs, with few restarts and with many', () => {
    const random = createRandom(5);
    const normal = (): number => drawNormal(random);
    const restart = (): AddedPair => {
      const shared = 4 * normal();
      return { numerator: 15 + shared + 3 * normal(), denominator: 200 + shared + 15 * normal() };
    };
    for (const count of [3, 4, 6, 12]) {
      let held = 0;
      for (let run = 0; run < 1000; run++) {
        const { low, high } = ratioOfAdded(Array.from({ length: count }, restart));
        if (low <= 15 / 200 && 15 / 200 <= high) held++;
      }
      assert.ok(held >= 920 && held <= 980, `${count} restarts: ${held} of 1000`);
    }
  });
});
