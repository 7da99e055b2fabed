import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { gather } from '../fixtures/decided.ts';
import { spanIdFor, type SpanSketch } from '../fixtures/make-trace.ts';
import { DURATION_BUCKETS_MS, OVERFLOW_NAME, Population } from './population.ts';

describe('Population', () => {
  it('counts calls, errors and durations of each operation of each service, late spans too', () => {
    const population = new Population();
    population.decided(
      gather([
        { spanId: spanIdFor(0), service: 'shop', name: 'GET /', endMs: 3 },
        { spanId: spanIdFor(1), service: 'shop', name: 'GET /', endMs: 60, isError: true },
        { spanId: spanIdFor(2), service: 'bank', name: 'GET /', endMs: 20_000 },
      ]),
    );
    population.late(gather([{ spanId: spanIdFor(3), service: 'bank', name: 'GET /', endMs: 2 }]));
    const rows = population.stats().map(({ service, operation, calls, errors, durationNanoSum, buckets }) => ({
      row: [service, operation, calls, errors, durationNanoSum / 1e6],
      bounds: buckets.flatMap((count, bucket) => (count > 0 ? [DURATION_BUCKETS_MS[bucket] ?? Infinity] : [])),
    }));
    assert.deepEqual(rows, [
      { row: ['shop', 'GET /', 2, 1, 63], bounds: [4, 100] },
      { row: ['bank', 'GET /', 2, 0, 20_002], bounds: [2, Infinity] },
    ]);
  });

  it('counts what a map would count, and everything behind its bound together', () => {
    const sketch = fc.record({
      service: fc.constantFrom('a', 'b', 'c'),
      name: fc.constantFrom('x', 'y', 'z', 'zz', '', 'ä'),
    });
    fc.assert(
      fc.property(fc.array(sketch, { minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 20 }), (spans, max) => {
        const population = new Population(max);
        population.decided(gather(spans.map((span, index): SpanSketch => ({ ...span, spanId: spanIdFor(index) }))));
        const expected = new Map<string, number>();
        for (const { service, name } of spans) {
          const key = `${service} ${name}`;
          const told = expected.has(key) || expected.size < max ? key : `${OVERFLOW_NAME} ${OVERFLOW_NAME}`;
          if (told === key) expected.set(key, (expected.get(key) ?? 0) + 1);
        }
        const counted = population.stats().filter(({ service }) => service !== OVERFLOW_NAME);
        assert.deepEqual(
          new Map(counted.map(({ service, operation, calls }) => [`${service} ${operation}`, calls])),
          expected,
        );
        const all = population.stats().reduce((total, { calls }) => total + calls, 0);
        assert.equal(all, spans.length);
      }),
    );
  });
});
