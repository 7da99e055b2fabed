import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { batchOf } from '../../fixtures/decided.ts';
import { spanIdFor, traceIdFor, type SpanSketch } from '../../fixtures/make-trace.ts';
import { Column, columnAt, nameAt, spanIdAt, traceIdAt } from '../../receive/span-batch.ts';
import { GatheredTraces } from './gathered-traces.ts';
import { ArrayPool } from '../../receive/array-pool.ts';
import { HeldBatches, type HeldBatch } from './held-batches.ts';
import { TraceView } from './trace-view.ts';

function spansOf(view: TraceView): string[] {
  const spans: string[] = [];
  view.forEachSpan((batch, row) => spans.push(`${spanIdAt(batch, row)} ${nameAt(batch, row)}`));
  return spans;
}

function sketchOf(of: { trace: number; span: number }, request: number): SpanSketch {
  return { traceId: traceIdFor(of.trace), spanId: spanIdFor(of.span), name: `request ${request}` };
}

describe('GatheredTraces', () => {
  it('has the spans of each trace in the order of arrival, each once, and holds no batch of a trace that went', () => {
    const span = fc.record({ trace: fc.nat(5), span: fc.nat(70) });
    const step = fc.oneof(
      fc.array(span, { minLength: 1, maxLength: 90 }).map((spans) => ({ spans })),
      fc.nat(5).map((deleted) => ({ deleted })),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const batches = new HeldBatches(new ArrayPool(1e6));
        const traces = new GatheredTraces(batches, 1);
        const view = new TraceView(traces);
        const expected = new Map<string, string[]>();
        const slotOf = (traceId: string): number => traces.find(Buffer.from(traceId, 'hex'), 0);
        const addRow = (batch: HeldBatch, row: number): void => {
          const traceId = traceIdAt(batch, row);
          const known = expected.get(traceId) ?? [];
          const slot = expected.has(traceId) ? slotOf(traceId) : traces.add(batch, row, 0);
          const isNew = !known.some((text) => text.startsWith(spanIdAt(batch, row)));
          assert.equal(
            traces.hasSpanId(slot, columnAt(batch, row, Column.spanIdHigh), columnAt(batch, row, Column.spanIdLow)),
            !isNew,
          );
          assert.equal(traces.addRow(slot, batch, row), isNew);
          if (isNew) known.push(`${spanIdAt(batch, row)} ${nameAt(batch, row)}`);
          expected.set(traceId, known);
        };
        for (const [number, each] of steps.entries()) {
          if ('deleted' in each) {
            const traceId = traceIdFor(each.deleted);
            if (expected.delete(traceId)) traces.delete(slotOf(traceId));
          } else {
            const batch = batches.take(batchOf(each.spans.map((of) => sketchOf(of, number))));
            for (let row = 0; row < batch.spanCount; row++) addRow(batch, row);
            batches.giveBack(batch);
          }
          assert.equal(traces.size, expected.size);
          for (const [traceId, spans] of expected) {
            const trace = view.on(slotOf(traceId));
            assert.deepEqual([trace.traceId, trace.spanCount, spansOf(trace)], [traceId, spans.length, spans]);
          }
        }
        for (const traceId of expected.keys()) traces.delete(slotOf(traceId));
        assert.deepEqual([traces.bytesHeld, batches.bytesHeld], [0, 0]);
      }),
      { numRuns: 60 },
    );
  });
});
