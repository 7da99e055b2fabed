import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { batchOf } from '../fixtures/decided.ts';
import { spanIdFor, traceIdFor, type SpanSketch } from '../fixtures/make-trace.ts';
import { selectRows } from './select-rows.ts';
import {
  allRows,
  endTimeAt,
  hasParentAt,
  kindAt,
  nameAt,
  scopeAt,
  spanBytesAt,
  spanIdAt,
  startTimeAt,
  statusCodeAt,
  traceIdAt,
  type SpanBatch,
} from './span-batch.ts';

function describeRow(batch: SpanBatch, row: number): unknown {
  return {
    ids: [traceIdAt(batch, row), spanIdAt(batch, row), hasParentAt(batch, row)],
    texts: [nameAt(batch, row), scopeAt(batch, row).resource.serviceName],
    times: [startTimeAt(batch, row), endTimeAt(batch, row)],
    codes: [kindAt(batch, row), statusCodeAt(batch, row)],
    bytes: [...spanBytesAt(batch, row)],
    scope: [[...scopeAt(batch, row).bytes], [...scopeAt(batch, row).resource.bytes]],
  };
}

const sketchArbitrary = fc
  .record({ parent: fc.boolean(), name: fc.constantFrom('', 'charge', 'ä'), service: fc.constantFrom('a', 'b') })
  .map(({ parent, ...sketch }, index = 0): Omit<SpanSketch, 'spanId'> => ({
    ...sketch,
    traceId: traceIdFor(index),
    ...(parent ? { parentSpanId: spanIdFor(99) } : {}),
  }));

describe('selectRows', () => {
  it('makes a batch in which the rows are what they were, and which refers to nothing of the old one', () => {
    const subsets = fc
      .array(sketchArbitrary, { minLength: 1, maxLength: 12 })
      .chain((sketches) => fc.tuple(fc.constant(sketches), fc.subarray([...sketches.keys()])));
    fc.assert(
      fc.property(subsets, ([sketches, rows]) => {
        const batch = batchOf(sketches.map((sketch, index) => ({ ...sketch, spanId: spanIdFor(index) })));
        const selected = selectRows(batch, Uint32Array.from(rows));
        assert.equal(selected.spanCount, rows.length);
        const expected = rows.map((row) => describeRow(batch, row));
        assert.deepEqual(
          rows.map((_, index) => describeRow(selected, index)),
          expected,
        );
        assert.equal(selected.bytes.byteLength, selected.bytes.buffer.byteLength);
        assert.ok(selected.scopes.length <= rows.length);
        const again = selectRows(selected, allRows(selected));
        assert.deepEqual(
          rows.map((_, index) => describeRow(again, index)),
          expected,
        );
      }),
    );
  });
});
