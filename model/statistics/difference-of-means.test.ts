/**
 * Error rates by simulation: two runs of eleven cells, each the difference from a baseline that all cells of a run share, as
 * in the overhead table. Restarts of a run differ by as much as they do on a small machine. Seeded, so that a rate is a fact.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRandom } from '@tracelab/protocol';
import type { Random } from '@tracelab/protocol';
import { drawNormal } from './draw-normal.ts';
import { differenceOfMeans, simultaneousConfidence } from './difference-of-means.ts';

const COMPARISONS = 1000;
const CELLS = 11;
const CONFIDENCE = simultaneousConfidence(CELLS);

interface Plan {
  restarts: number;
  /** Of a set of processes from start to start. */
  sigmaUs: number;
}

/** By cell, one difference from the baseline for each restart. */
function simulate({ restarts, sigmaUs }: Plan, addedUs: number, random: Random): number[][] {
  const baseline = Array.from({ length: restarts }, () => sigmaUs * drawNormal(random));
  return Array.from({ length: CELLS }, () => baseline.map((noise) => addedUs + sigmaUs * drawNormal(random) - noise));
}

/** How many of the comparisons claim a difference in any cell, and how many of all cells. */
function claims(first: Plan, second: Plan, addedUs: number): { anyShare: number; cellShare: number } {
  const random = createRandom(8);
  let [any, cells] = [0, 0];
  for (let comparison = 0; comparison < COMPARISONS; comparison++) {
    const [one, other] = [simulate(first, 0, random), simulate(second, addedUs, random)];
    const claimed = one.filter((restarts, cell) => {
      const { low, high } = differenceOfMeans(restarts, other[cell] ?? [], CONFIDENCE);
      return low > 0 || high < 0;
    }).length;
    if (claimed > 0) any++;
    cells += claimed;
  }
  return { anyShare: any / COMPARISONS, cellShare: cells / COMPARISONS / CELLS };
}

describe('differenceOfMeans', () => {
  it('has the standard error of Welch and the t of the smaller sample (values of scipy 1.17)', () => {
    const difference = differenceOfMeans([10.1, 12.3, 9.8, 11.5], [14.2, 13.1, 18.9, 15.5, 16.4, 12.2], 0.95);
    const known = [
      [difference.estimate, 4.124999999999998],
      [difference.standardError, 1.1534549550517061],
      [difference.low, 0.4541915399845107],
      [difference.p, 0.03738673395569566],
    ] as const;
    for (const [value, expected] of known) assert.ok(Math.abs(value - expected) < 1e-9, `${value} is not ${expected}`);
  });

  for (const restarts of [4, 6, 12]) {
    it(`claims a difference between two equal runs of ${restarts} restarts in at most 5 % of comparisons, whatever the cells`, () => {
      const plan = { restarts, sigmaUs: 8 };
      const { anyShare } = claims(plan, plan, 0);
      assert.ok(anyShare <= 0.05, `${anyShare} of the comparisons had a false alarm`);
    });
  }

  it('keeps to that where one of the runs was noisier and shorter', () => {
    const { anyShare } = claims({ restarts: 12, sigmaUs: 4 }, { restarts: 4, sigmaUs: 16 }, 0);
    assert.ok(anyShare <= 0.05, `${anyShare} of the comparisons had a false alarm`);
  });

  it('would claim one in most equal pairs where nobody counts the cells, or blocks were taken for restarts', () => {
    const random = createRandom(9);
    let alarms = 0;
    for (let comparison = 0; comparison < COMPARISONS; comparison++) {
      const [one, other] = [0, 1].map(() => simulate({ restarts: 4, sigmaUs: 8 }, 0, random));
      // Each restart's mean eight times over: what its blocks would be.
      const blocks = (restarts: readonly number[] = []): number[] =>
        restarts.flatMap((value) => Array.from({ length: 8 }, () => value + 2 * drawNormal(random)));
      const isClaimed = one?.some(
        (restarts, cell) => differenceOfMeans(blocks(restarts), blocks(other?.[cell]), 0.95).p < 0.05,
      );
      if (isClaimed === true) alarms++;
    }
    assert.ok(alarms / COMPARISONS > 0.5, `${alarms / COMPARISONS}`);
  });

  it('finds 50 µs more in nearly all cells of two runs of a quiet machine, and of twelve restarts on a busier one', () => {
    const quiet = { restarts: 6, sigmaUs: 4 };
    assert.ok(claims(quiet, quiet, 50).cellShare > 0.99);
    const busier = { restarts: 12, sigmaUs: 16 };
    assert.ok(claims(busier, busier, 50).cellShare > 0.95, `${claims(busier, busier, 50).cellShare}`);
  });

  it('says nothing of one restart, and everything of samples without spread', () => {
    const single = differenceOfMeans([1], [5, 6], 0.95);
    assert.deepEqual([single.low, single.high, single.p], [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 1]);
    const still = differenceOfMeans([1, 1], [2, 2], 0.95);
    assert.deepEqual([still.low, still.high, still.p], [1, 1, 0]);
    assert.equal(differenceOfMeans([1, 1], [1, 1], 0.95).p, 1);
  });

  it('refuses an empty sample and what is no number', () => {
    assert.throws(() => differenceOfMeans([], [1], 0.95), RangeError);
    assert.throws(() => differenceOfMeans([1, Number.NaN], [1], 0.95), RangeError);
  });
});
