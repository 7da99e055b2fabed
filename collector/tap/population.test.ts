import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { batchOf, NOT_KEPT, roomySink } from '../fixtures/decided.ts';
import { spanIdFor, traceIdFor, type SpanSketch } from '../fixtures/make-trace.ts';
import { allRows } from '../receive/span-batch.ts';
import { OperationIndex, OVERFLOW_NAME } from '../sample/operation-index.ts';
import { TailSampler } from '../sample/tail-sampler.ts';
import { DURATION_BUCKETS_MS, Population } from './population.ts';

/** What is counted of these requests, each sent when the one before was decided: all but the first are late. */
async function countAll(requests: readonly SpanSketch[][], operationsMax?: number): Promise<Population> {
  const operations = new OperationIndex(operationsMax);
  const population = new Population(operations);
  const sampler = new TailSampler(
    {
      decide: () => NOT_KEPT,
      decisionWaitMs: 0,
      decisionWaitAfterRootMs: 0,
      pendingTracesMax: 10,
      pendingBytesMax: 1e6,
      decisionsMax: { sampled: 10, notSampled: 10 },
    },
    { sink: roomySink(), taps: [population], operations, nowMs: () => 0 },
  );
  for (const request of requests) {
    const batch = batchOf(request);
    await sampler.accept(batch, allRows(batch));
    sampler.tick();
  }
  return population;
}

describe('Population', () => {
  it('counts calls, errors and durations of each operation of each service, late spans too', async () => {
    const population = await countAll([
      [
        { spanId: spanIdFor(0), service: 'shop', name: 'GET /', endMs: 3 },
        { spanId: spanIdFor(1), service: 'shop', name: 'GET /', endMs: 60, isError: true },
        { spanId: spanIdFor(2), service: 'bank', name: 'GET /', endMs: 20_000 },
      ],
      [{ spanId: spanIdFor(3), service: 'bank', name: 'GET /', endMs: 2 }],
    ]);
    const rows = population.stats().map(({ service, name, calls, errors, durationNanoSum, buckets }) => ({
      row: [service, name, calls, errors, durationNanoSum / 1e6],
      bounds: buckets.flatMap((count, bucket) => (count > 0 ? [DURATION_BUCKETS_MS[bucket] ?? Infinity] : [])),
    }));
    assert.deepEqual(rows, [
      { row: ['shop', 'GET /', 2, 1, 63], bounds: [4, 100] },
      { row: ['bank', 'GET /', 2, 0, 20_002], bounds: [2, Infinity] },
    ]);
  });

  it('estimates how many there were before the samplers of the services', async () => {
    const quarter = { traceState: 'ot=th:c', traceId: 'ff'.repeat(16) };
    const population = await countAll([
      [
        { ...quarter, spanId: spanIdFor(0), isError: true },
        { ...quarter, spanId: spanIdFor(1) },
        { spanId: spanIdFor(0) },
        { traceId: traceIdFor(1), spanId: spanIdFor(0), traceState: 'ot=th:c' },
      ],
      [{ ...quarter, spanId: spanIdFor(2) }],
    ]);
    const [stats] = population.stats();
    // Three of one in four, one without a threshold, one whose randomness is below it.
    assert.deepEqual([stats?.calls, stats?.callsEstimated], [5, 14]);
    assert.deepEqual([stats?.errors, stats?.errorsEstimated], [1, 4]);
  });

  it('counts what a map would count, and everything behind its bound together', async () => {
    const sketch = fc.record({
      service: fc.constantFrom('a', 'b', 'c'),
      name: fc.constantFrom('x', 'y', 'z', 'zz', '', 'ä'),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(sketch, { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 20 }),
        async (spans, max) => {
          const sketches = spans.map((span, index): SpanSketch => ({ ...span, spanId: spanIdFor(index) }));
          const stats = (await countAll([sketches], max)).stats();
          // A request has its spans by service.
          const inOrder = ['a', 'b', 'c'].flatMap((service) => spans.filter((span) => span.service === service));
          const expected = new Map<string, number>();
          for (const { service, name } of inOrder) {
            const key = `${service} ${name}`;
            if (expected.has(key) || expected.size < max) expected.set(key, (expected.get(key) ?? 0) + 1);
          }
          const counted = stats.filter(({ service }) => service !== OVERFLOW_NAME);
          assert.equal(counted.length, expected.size);
          const all = stats.reduce((total, { calls }) => total + calls, 0);
          assert.equal(all, spans.length);
        },
      ),
    );
  });
});
