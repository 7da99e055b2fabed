import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { seededRandom } from '../seeded-random.ts';
import { binomialBounds } from './binomial.ts';

/** Direct sum of the terms, for numbers of trials small enough for it. */
function probabilityUpTo(count: number, trials: number, chance: number): number {
  let term = (1 - chance) ** trials;
  let sum = term;
  for (let k = 0; k < count; k++) {
    term *= ((trials - k) / (k + 1)) * (chance / (1 - chance));
    sum += term;
  }
  return sum;
}

describe('binomialBounds', () => {
  it('is exact where nothing is left to chance', () => {
    assert.deepEqual(binomialBounds(500, 1, 0.999), { low: 500, high: 500 });
    assert.deepEqual(binomialBounds(500, 0, 0.999), { low: 0, high: 0 });
    assert.deepEqual(binomialBounds(0, 0.5, 0.999), { low: 0, high: 0 });
  });

  it('agrees with published quantiles of a fair coin', () => {
    // Binomial(100, 1/2): P(X <= 39) = 0.0176, P(X <= 40) = 0.0284, so 2.5 % lie below 40.
    assert.deepEqual(binomialBounds(100, 0.5, 0.95), { low: 40, high: 60 });
  });

  it('leaves at most half of the remaining probability outside on each side, and no narrower range would', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100 }),
        fc.double({ min: 0.02, max: 0.98, noNaN: true }),
        (trials, chance) => {
          const { low, high } = binomialBounds(trials, chance, 0.95);
          const below = low === 0 ? 0 : probabilityUpTo(low - 1, trials, chance);
          const above = 1 - probabilityUpTo(high, trials, chance);
          assert.ok(below <= 0.025 + 1e-9 && above <= 0.025 + 1e-9, `${below} below, ${above} above`);
          assert.ok(probabilityUpTo(low, trials, chance) >= 0.025 - 1e-9);
          assert.ok(high === 0 || 1 - probabilityUpTo(high - 1, trials, chance) >= 0.025 - 1e-9);
        },
      ),
    );
  });

  it('holds for large counts: simulated sampling at 1/1024 stays inside', () => {
    const random = seededRandom(11);
    let outside = 0;
    for (let run = 0; run < 200; run++) {
      let kept = 0;
      for (let request = 0; request < 20_000; request++) if (random() < 1 / 1024) kept++;
      const { low, high } = binomialBounds(20_000, 1 / 1024, 0.95);
      if (kept < low || kept > high) outside++;
    }
    assert.ok(outside <= 20, `${outside} of 200 outside a 95 % range`);
    const millions = binomialBounds(5_000_000, 1 / 2, 0.999);
    assert.ok(millions.low > 2_490_000 && millions.high < 2_510_000);
  });
});
