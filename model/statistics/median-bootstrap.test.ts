import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRandom } from '@tracelab/protocol';
import { bootstrapMedian, bootstrapStatistic } from './median-bootstrap.ts';
import { median } from './summary.ts';

describe('median', () => {
  it('is the middle, or half way between the two in the middle, in any order', () => {
    assert.equal(median([9, 1, 4]), 4);
    assert.equal(median([9, 1, 4, 2]), 3);
    assert.ok(Number.isNaN(median([])));
  });
});

describe('bootstrapMedian', () => {
  it('holds the true median in 90 to 98 % of runs of 15 and of 40 rounds, skewed as times are', () => {
    for (const rounds of [15, 40]) {
      const random = createRandom(11);
      const trueMedian = 100 + 10 * Math.log(2);
      let held = 0;
      for (let run = 0; run < 600; run++) {
        const samples = Array.from({ length: rounds }, () => 100 - 10 * Math.log(1 - random.next()));
        const { low, high } = bootstrapMedian(samples, { random, resamplesCount: 400 });
        if (low <= trueMedian && trueMedian <= high) held++;
      }
      assert.ok(held / 600 >= 0.9 && held / 600 <= 0.98, `with ${rounds} rounds coverage was ${held / 600}`);
    }
  });

  it('is not moved by a round that somebody else disturbed', () => {
    const samples = [1, 1.01, 0.99, 1, 1.02, 0.98, 1, 50];
    const { estimate, high } = bootstrapMedian(samples, { random: createRandom(1) });
    assert.equal(estimate, 1);
    assert.ok(high < 1.1);
  });

  it('gives the same interval for the same seed', () => {
    const samples = [3, 1, 4, 1, 5, 9, 2, 6];
    assert.deepEqual(
      bootstrapMedian(samples, { random: createRandom(7) }),
      bootstrapMedian(samples, { random: createRandom(7) }),
    );
  });
});

describe('bootstrapStatistic', () => {
  it('keeps together what was measured in one round', () => {
    const rounds = Array.from({ length: 20 }, (_, index) => ({ ours: index + 1, theirs: 2 * (index + 1) }));
    const ratio = (drawn: readonly { ours: number; theirs: number }[]): number =>
      median(drawn.map((round) => round.ours)) / median(drawn.map((round) => round.theirs));
    const { estimate, low, high } = bootstrapStatistic(rounds, ratio, { random: createRandom(3) });
    assert.deepEqual([estimate, low, high], [0.5, 0.5, 0.5]);
  });

  it('refuses to say anything of no rounds', () => {
    assert.throws(() => bootstrapStatistic([], () => 0, { random: createRandom(1) }), /at least one round/);
  });
});
