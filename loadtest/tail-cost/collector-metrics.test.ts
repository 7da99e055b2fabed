import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addLags, addStrays, lagBetween, lagQuantileS, readDecisionLag, readStrays } from './collector-metrics.ts';

function metricsOf(totals: readonly number[], late = 0): string {
  return [
    '# TYPE collector_decision_lag_seconds histogram',
    ...['0.01', '0.1', '+Inf'].map((le, index) => `collector_decision_lag_seconds_bucket{le="${le}"} ${totals[index]}`),
    `collector_decision_lag_seconds_sum 1.5`,
    `collector_decision_lag_seconds_count ${totals.at(-1)}`,
    `collector_late_spans_total ${late}`,
    'collector_decided_traces_total{trigger="wait"} 900',
    'collector_decided_traces_total{trigger="early"} 2',
    '# EOF',
  ].join('\n');
}

describe('the decision lag in metrics', () => {
  it('is what each bucket holds alone, and only what came between two readings', () => {
    const before = readDecisionLag(metricsOf([10, 12, 12]));
    const after = readDecisionLag(metricsOf([110, 211, 212]));
    assert.ok(before !== undefined && after !== undefined);
    assert.deepEqual(after, { boundsS: [0.01, 0.1], counts: [110, 101, 1] });
    const between = lagBetween(before, after);
    assert.deepEqual(between.counts, [100, 99, 1]);
    assert.deepEqual(addLags([between, between])?.counts, [200, 198, 2]);
  });

  it('has quantiles that are bounds of buckets, none where nothing was decided, and infinity above the last', () => {
    const lag = { boundsS: [0.01, 0.1], counts: [100, 99, 1] };
    assert.deepEqual(
      [0.5, 0.51, 0.995, 0.999].map((share) => lagQuantileS(lag, share)),
      [0.01, 0.1, 0.1, Infinity],
    );
    assert.equal(lagQuantileS({ boundsS: [1], counts: [0, 0] }, 0.99), undefined);
  });

  it('is absent where the collector publishes none', () => {
    assert.equal(readDecisionLag('collector_late_spans_total 0'), undefined);
    assert.equal(addLags([]), undefined);
  });
});

describe('strays in metrics', () => {
  it('are what the collector counts of them, and only what came between two readings', () => {
    const [before, after] = [readStrays(metricsOf([0, 0, 0], 5)), readStrays(metricsOf([0, 0, 0], 8))];
    assert.deepEqual(before, { 'late spans': 5, 'traces decided early': 2 });
    assert.deepEqual(addStrays(after, before, -1), { 'late spans': 3 });
    assert.deepEqual(addStrays(after, before), { 'late spans': 13, 'traces decided early': 4 });
    assert.deepEqual(readStrays('collector_requests_total{outcome="accepted"} 3'), {});
  });
});
