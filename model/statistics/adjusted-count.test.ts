import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { THRESHOLD_ALWAYS, thresholdFromProbability } from '@tracelab/protocol';
import { estimateCount } from './adjusted-count.ts';

describe('estimateCount', () => {
  it('is exact for what is all kept', () => {
    const kept = [1, 4, 2].map((count) => ({ threshold: THRESHOLD_ALWAYS, count }));
    assert.deepEqual(estimateCount(kept), { estimate: 7, low: 7, high: 7, standardError: 0 });
    assert.equal(estimateCount([]).estimate, 0);
  });

  it('counts one kept by p as 1/p, and spreads by (1 - p) / p^2', () => {
    const threshold = thresholdFromProbability(1 / 4);
    const { estimate, standardError, low, high } = estimateCount([
      { threshold, count: 3 },
      { threshold, count: 1 },
      { threshold: THRESHOLD_ALWAYS, count: 5 },
    ]);
    assert.equal(estimate, 3 * 4 + 4 + 5);
    assert.equal(standardError, Math.sqrt(12 * 9 + 12));
    assert.deepEqual([low, high], [estimate - 1.96 * standardError, estimate + 1.96 * standardError]);
  });
});
