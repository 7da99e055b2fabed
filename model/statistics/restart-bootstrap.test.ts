import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRandom } from '@tracelab/protocol';
import type { Random } from '@tracelab/protocol';
import { bootstrapMean, bootstrapPairedDifference } from './restart-bootstrap.ts';
import type { PairedRestart } from './restart-bootstrap.ts';
import { drawNormal } from './draw-normal.ts';
import { minimumDetectableEffect } from './interval.ts';
import { NORMAL_QUANTILE_95 } from './student-t.ts';
import { mean, standardDeviation } from './summary.ts';

/**
 * Coverage by simulation: runs are made up whose true difference is known, with a bias of its own in every restart; the
 * share of runs whose interval holds the truth should be near 95 %. Seeded, so that a figure is a fact, not an event.
 */
const TRUE_DIFFERENCE = 3;
const BASELINE = 100;
const RUNS = 600;
/** Too narrow an interval claims what was not seen; too wide a one hides what was. */
const NOISE = {
  'that differ': { betweenSigma: 2, withinSigma: 1 },
  'that do not differ': { betweenSigma: 0, withinSigma: 2 },
} as const;

interface Plan {
  restarts: number;
  pairs: number;
  betweenSigma: number;
  withinSigma: number;
}

function simulate(plan: Plan, random: Random): PairedRestart[] {
  return Array.from({ length: plan.restarts }, () => {
    const bias = plan.betweenSigma * drawNormal(random);
    const pairs = Array.from({ length: plan.pairs }, () => {
      const baseline = BASELINE + 10 * drawNormal(random);
      return { variant: baseline + TRUE_DIFFERENCE + bias + plan.withinSigma * drawNormal(random), baseline };
    });
    return { pairs };
  });
}

function coverage(plan: Plan, intervalOf: (restarts: PairedRestart[], random: Random) => [number, number]): number {
  const random = createRandom(4);
  let held = 0;
  for (let run = 0; run < RUNS; run++) {
    const [low, high] = intervalOf(simulate(plan, random), random);
    if (low <= TRUE_DIFFERENCE && TRUE_DIFFERENCE <= high) held++;
  }
  return held / RUNS;
}

function ours(restarts: PairedRestart[], random: Random): [number, number] {
  const { low, high } = bootstrapPairedDifference(restarts, { random, resamplesCount: 400 });
  return [low, high];
}

/** What ignores restarts: every pair an independent sample. */
function naive(restarts: PairedRestart[]): [number, number] {
  const differences = restarts.flatMap(({ pairs }) => pairs.map((pair) => pair.variant - pair.baseline));
  const reach = (NORMAL_QUANTILE_95 * standardDeviation(differences)) / Math.sqrt(differences.length);
  return [mean(differences) - reach, mean(differences) + reach];
}

describe('bootstrapPairedDifference', () => {
  for (const restarts of [3, 4, 6, 12]) {
    for (const [situation, noise] of Object.entries(NOISE)) {
      it(`holds the true difference in 92 to 98 % of runs with ${restarts} restarts ${situation}`, () => {
        const share = coverage({ restarts, pairs: 8, ...noise }, ours);
        assert.ok(share >= 0.92 && share <= 0.98, `coverage was ${share}`);
      });
    }
  }

  it('covers what an interval over pairs alone misses', () => {
    const share = coverage({ restarts: 6, pairs: 8, betweenSigma: 2, withinSigma: 1 }, naive);

    assert.ok(share < 0.8, `the naive interval held the truth in ${share} of the runs`);
  });

  it('gives the same interval for the same seed', () => {
    const restarts = simulate({ restarts: 4, pairs: 5, betweenSigma: 1, withinSigma: 1 }, createRandom(1));
    const once = bootstrapPairedDifference(restarts, { random: createRandom(7) });
    assert.deepEqual(bootstrapPairedDifference(restarts, { random: createRandom(7) }), once);
    assert.notDeepEqual(bootstrapPairedDifference(restarts, { random: createRandom(8) }), once);
  });

  it('reports the difference in its unit and as a share of the baseline', () => {
    const restarts = [
      { pairs: [{ variant: 11, baseline: 10 }] },
      {
        pairs: [
          { variant: 22, baseline: 20 },
          { variant: 22, baseline: 20 },
        ],
      },
    ];
    const result = bootstrapPairedDifference(restarts, { random: createRandom(1) });
    assert.equal(result.estimate, 1.5);
    assert.ok(Math.abs(result.relativeEstimate - 0.1) < 1e-12);
    assert.ok(result.low < 1.5 && result.high > 1.5);
    assert.ok(Math.abs(result.relativeLow - 0.1) < 1e-9 && Math.abs(result.relativeHigh - 0.1) < 1e-9);
    assert.deepEqual([result.restartCount, result.pairCount], [2, 3]);
  });

  it('knows no bounds from a single restart', () => {
    const result = bootstrapPairedDifference([{ pairs: [{ variant: 2, baseline: 1 }] }], { random: createRandom(1) });
    assert.deepEqual([result.low, result.high, result.relativeHigh], [-Infinity, Infinity, Infinity]);
  });

  it('refuses no restarts, a restart without blocks, and values that are not finite', () => {
    const random = createRandom(1);
    assert.throws(() => bootstrapPairedDifference([], { random }), /at least one restart/);
    assert.throws(() => bootstrapPairedDifference([{ pairs: [] }], { random }), /restart 0 has none/);
    const broken = [{ pairs: [{ variant: Number.NaN, baseline: 1 }] }];
    assert.throws(() => bootstrapPairedDifference(broken, { random }), /finite number/);
  });
});

describe('bootstrapMean', () => {
  it('weighs every restart the same, however many blocks it has', () => {
    const { estimate } = bootstrapMean([[1], [3, 3, 3, 3]], { random: createRandom(1) });
    assert.equal(estimate, 2);
  });

  it('has no width where nothing varies', () => {
    const { low, high, standardError } = bootstrapMean([[5, 5], [5], [5]], { random: createRandom(1) });
    assert.deepEqual([low, high, standardError], [5, 5, 0]);
  });
});

describe('minimumDetectableEffect', () => {
  it('is how far the control row reaches from zero, to either side', () => {
    assert.equal(minimumDetectableEffect({ low: -1, high: 3 }), 3);
    assert.equal(minimumDetectableEffect({ low: -7, high: -2 }), 7);
  });
});
