import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gather } from '../fixtures/decided.ts';
import { spanIdFor, type SpanSketch } from '../fixtures/make-trace.ts';
import { LAG_BUCKETS_S } from './decision-lag.ts';
import { Population } from './population.ts';
import { sumReadings } from './tap-readings.ts';

const TRACES: SpanSketch[][] = [
  [{ spanId: spanIdFor(0), service: 'shop', endMs: 3 }],
  [{ spanId: spanIdFor(1), service: 'shop', endMs: 70, isError: true }],
  [{ spanId: spanIdFor(2), service: 'bank', endMs: 5 }],
];

function countIn(populations: readonly Population[]): void {
  for (const [index, sketches] of TRACES.entries()) populations[index % populations.length]?.decided(gather(sketches));
}

describe('sumReadings', () => {
  it('of many samplers is what one would have counted', () => {
    const [one, ...many] = [new Population(), new Population(), new Population()];
    countIn([one]);
    countIn(many);
    const counts = LAG_BUCKETS_S.map((_, bucket) => bucket).concat(1);
    const sum = sumReadings(
      many.map((population) => ({ operations: population.stats(), lag: { counts, sumS: 0.25 } })),
    );
    assert.deepEqual(sum.operations, one.stats());
    assert.deepEqual(sum.lag, { counts: counts.map((count) => 2 * count), sumS: 0.5 });
  });

  it('of none is a histogram of nothing', () => {
    assert.deepEqual(sumReadings([]).operations, []);
    assert.ok(sumReadings([]).lag.counts.every((count) => count === 0));
  });
});
