/**
 * Coverage by simulation: a class of machines whose true costs differ or do not, each measured by restarts of its own noise, so
 * that the standard errors are estimates too, as they are in the overhead table. Seeded, so that a share is a fact.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRandom } from '@tracelab/protocol';
import type { Random } from '@tracelab/protocol';
import { drawNormal } from './draw-normal.ts';
import { poolRandomEffects, type Study } from './random-effects.ts';
import { studentQuantile95 } from './student-t.ts';
import { mean, standardDeviation } from './summary.ts';

const CLASSES = 1000;
const TRUTH_US = 50;
/** Of a start, on a quiet machine, a usual and a busy one. */
const NOISE_US = [8, 16, 30] as const;

interface Plan {
  machines: number;
  restarts: number;
  /** Standard deviation of the true cost from machine to machine. */
  tauUs: number;
}

function measureClass({ machines, restarts, tauUs }: Plan, random: Random): Study[] {
  return Array.from({ length: machines }, (_, machine) => {
    const truth = TRUTH_US + tauUs * drawNormal(random);
    const noise = NOISE_US[machine % NOISE_US.length] ?? 0;
    const values = Array.from({ length: restarts }, () => truth + noise * drawNormal(random));
    return { estimate: mean(values), standardError: standardDeviation(values) / Math.sqrt(restarts) };
  });
}

function shareHeld(count: number, isHeld: (random: Random) => boolean): number {
  const random = createRandom(5);
  let held = 0;
  for (let run = 0; run < count; run++) if (isHeld(random)) held++;
  return held / count;
}

function coverage(plan: Plan): number {
  return shareHeld(CLASSES, (random) => {
    const { low, high } = poolRandomEffects(measureClass(plan, random));
    return low <= TRUTH_US && TRUTH_US <= high;
  });
}

/** Eight studies of a textbook kind: estimates and standard errors. */
const STUDIES: readonly Study[] = [
  [28, 15],
  [8, 10],
  [-3, 16],
  [7, 11],
  [-1, 9],
  [1, 11],
  [18, 10],
  [12, 18],
].map(([estimate = 0, standardError = 1]) => ({ estimate, standardError }));

describe('poolRandomEffects', () => {
  for (const machines of [3, 5, 15]) {
    for (const tauUs of [0, 5, 30]) {
      for (const restarts of [4, 12]) {
        it(`holds the truth in at least 92 % of classes of ${machines} machines with ${restarts} restarts that differ by ${tauUs} µs`, () => {
          const share = coverage({ machines, restarts, tauUs });
          assert.ok(share >= 0.92, `coverage was ${share}`);
        });
      }
    }
  }

  it('covers what an interval that takes all machines for one misses', () => {
    const share = shareHeld(CLASSES, (random) => {
      const studies = measureClass({ machines: 15, restarts: 12, tauUs: 30 }, random);
      const weights = studies.map(({ standardError }) => 1 / standardError ** 2);
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      const center = studies.reduce((sum, { estimate }, index) => sum + estimate * (weights[index] ?? 0), 0) / total;
      return Math.abs(center - TRUTH_US) <= studentQuantile95(14) / Math.sqrt(total);
    });
    assert.ok(share < 0.6, `coverage was ${share}`);
  });

  it('predicts where a further machine is: 88 to 99 % of them with five and with fifteen', () => {
    for (const machines of [5, 15]) {
      for (const tauUs of [5, 30]) {
        const share = shareHeld(CLASSES, (random) => {
          const { prediction } = poolRandomEffects(measureClass({ machines, restarts: 12, tauUs }, random));
          const next = TRUTH_US + tauUs * drawNormal(random);
          return prediction !== undefined && prediction.low <= next && next <= prediction.high;
        });
        assert.ok(share >= 0.88 && share <= 0.99, `${machines} machines, ${tauUs} µs: ${share}`);
      }
    }
  });

  it('finds no heterogeneity in the eight schools, and their known mean (Rubin 1981)', () => {
    const { estimate, standardError, tau, iSquared } = poolRandomEffects(STUDIES);
    assert.deepEqual([estimate.toFixed(1), standardError.toFixed(1), tau, iSquared], ['7.7', '4.1', 0, 0]);
  });

  it('solves the equation that defines tau², and tells the shares of differences and studies', () => {
    const studies = [10, 20, 60].map((estimate) => ({ estimate, standardError: 5 }));
    const { estimate, tau, iSquared, weights, prediction } = poolRandomEffects(studies);
    // Equal weights: the variance of the estimates, 700, is tau² + 25; Q is 1400 / 25.
    assert.ok(Math.abs(tau ** 2 - 675) < 1e-6);
    assert.ok(Math.abs(estimate - 30) < 1e-9);
    assert.ok(Math.abs(iSquared - (1 - 2 / 56)) < 1e-9);
    assert.deepEqual(
      weights.map((weight) => weight.toFixed(3)),
      ['0.333', '0.333', '0.333'],
    );
    assert.ok((prediction?.high ?? 0) > 60);
  });

  it('gives less weight to a noisy study, but some', () => {
    const { weights } = poolRandomEffects([
      { estimate: 1, standardError: 1 },
      { estimate: 2, standardError: 1 },
      { estimate: 20, standardError: 50 },
    ]);
    const [first = 0, , noisy = 0] = weights;
    assert.ok(noisy > 0 && noisy < first / 100);
  });

  it('predicts nothing from two studies, and refuses one, or a standard error that is none', () => {
    assert.equal(poolRandomEffects(STUDIES.slice(0, 2)).prediction, undefined);
    assert.throws(() => poolRandomEffects(STUDIES.slice(0, 1)), /at least two studies: there were 1/);
    for (const standardError of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
      assert.throws(
        () =>
          poolRandomEffects([
            { estimate: 1, standardError: 1 },
            { estimate: 1, standardError },
          ]),
        RangeError,
      );
  });
});
