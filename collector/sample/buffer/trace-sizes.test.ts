import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeTracesData, type TracesData } from '@tracelab/protocol';
import * as fc from 'fast-check';
import { ArrayPool } from '../../receive/array-pool.ts';
import { spanIdFor, tracesOf, type SpanSketch } from '../../fixtures/make-trace.ts';
import { scanRequest } from '../../receive/scan-request.ts';
import { allRows } from '../../receive/span-batch.ts';
import { HeldBatches } from './held-batches.ts';
import { TraceSizes } from './trace-sizes.ts';

/** Spans by resource and by scope, all of one trace. */
const requestArbitrary = fc.array(
  fc.array(fc.array(fc.nat(300), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 }),
  { minLength: 1, maxLength: 3 },
);

let spansEver = 0;

function requestOf(resources: number[][][]): TracesData {
  return {
    resourceSpans: resources.flatMap((scopes, resource) => {
      const service = `service-${resource}`;
      const [first, ...others] = scopes.map((lengths, scope) => {
        const [resourceSpans] = tracesOf(
          lengths.map((length): SpanSketch => ({ spanId: spanIdFor(spansEver++), name: 'n'.repeat(length), service })),
        ).resourceSpans.reduce<TracesData['resourceSpans']>((merged, each) => {
          if (merged[0] === undefined) return [each];
          merged[0].scopeSpans[0]?.spans.push(...(each.scopeSpans[0]?.spans ?? []));
          return merged;
        }, []);
        assert.ok(resourceSpans?.scopeSpans[0]);
        resourceSpans.scopeSpans[0].scope.name = `scope-${scope}`;
        return resourceSpans;
      });
      assert.ok(first);
      for (const other of others) first.scopeSpans.push(...other.scopeSpans);
      return [first];
    }),
  };
}

/** Of the messages ResourceSpans themselves, which is what upstream adds up. */
function sizeOf({ resourceSpans }: TracesData): number {
  const empty = encodeTracesData({ resourceSpans: [] }).length;
  return resourceSpans
    .map((each) => encodeTracesData({ resourceSpans: [each] }).length - empty)
    .reduce((total, bytes) => total + bytes - 1 - lengthBytesOf(bytes), 0);
}

/** Of the field's length, from the size of the field: at most 16 KiB here. */
function lengthBytesOf(fieldBytes: number): number {
  return fieldBytes <= 1 + 1 + 127 ? 1 : 2;
}

describe('TraceSizes', () => {
  it('counts the bytes of the ResourceSpans that came, each request by itself', () => {
    fc.assert(
      fc.property(fc.array(requestArbitrary, { minLength: 1, maxLength: 3 }), (requests) => {
        const sizes = new TraceSizes();
        const held = new HeldBatches(new ArrayPool(1e6));
        sizes.begin(7);
        let expected = 0;
        let counted = 0;
        for (const resources of requests) {
          const data = requestOf(resources);
          expected += sizeOf(data);
          const scanned = scanRequest(encodeTracesData(data));
          assert.ok(scanned.ok);
          const batch = held.take(scanned.value.batch);
          for (const row of allRows(batch)) counted = sizes.add(7, batch, row);
        }
        assert.equal(counted, expected);
      }),
    );
  });
});
