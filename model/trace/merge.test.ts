import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { emptyResource, emptyResourceSpans, emptyScopeSpans } from '@tracelab/protocol';
import type { Span, TracesData } from '@tracelab/protocol';
import { arbitraryRedelivery, flattenAll, makeSpan } from '../test-kit/arbitrary-spans.ts';
import { mergeTracesData } from './merge.ts';
import { buildTraceTree } from './tree.ts';

function deliver(service: string, ...spans: Span[]): TracesData {
  const resource = { ...emptyResource(), attributes: [{ key: 'service.name', value: service }] };
  return { resourceSpans: [{ ...emptyResourceSpans(), resource, scopeSpans: [{ ...emptyScopeSpans(), spans }] }] };
}

describe('mergeTracesData', () => {
  it('gives equal data for any order and repetition of deliveries', () => {
    fc.assert(
      fc.property(arbitraryRedelivery, ({ once, again }) => {
        assert.deepEqual(mergeTracesData(again), mergeTracesData(once));
      }),
    );
  });

  it('changes nothing when it is done again, or in steps', () => {
    fc.assert(
      fc.property(arbitraryRedelivery, fc.nat(20), ({ once, again }, cut) => {
        const merged = mergeTracesData(once);
        const inSteps = mergeTracesData([mergeTracesData(again.slice(0, cut)), mergeTracesData(again.slice(cut))]);
        assert.deepEqual(mergeTracesData([merged]), merged);
        assert.deepEqual(inSteps, merged);
      }),
    );
  });

  it('keeps every span with its resource and scope', () => {
    fc.assert(
      fc.property(arbitraryRedelivery, ({ once, again }) => {
        const nodes = buildTraceTree(flattenAll(once)).nodeBySpanId;
        const merged = flattenAll([mergeTracesData(again)]);
        assert.equal(merged.length, nodes.size);
        for (const span of merged) assert.deepEqual(span, nodes.get(span.spanId)?.span);
      }),
    );
  });

  it('puts equal resources and scopes into one envelope and drops empty ones', () => {
    const parts = [deliver('bank', makeSpan(2, 1)), deliver('gateway'), deliver('bank', makeSpan(1, 0))];
    const merged = mergeTracesData(parts);
    assert.equal(merged.resourceSpans.length, 1);
    const names = merged.resourceSpans[0]?.scopeSpans.map((scope) => scope.spans.map((span) => span.name));
    assert.deepEqual(names, [['span 1', 'span 2']]);
  });

  it('keeps envelopes apart that differ only in their schema', () => {
    const part = deliver('bank', makeSpan(1, 0));
    const other = deliver('bank', makeSpan(2, 1));
    const schemaUrl = 'https://opentelemetry.io/schemas/1.30.0';
    const renamed = { resourceSpans: other.resourceSpans.map((envelope) => ({ ...envelope, schemaUrl })) };
    const urls = mergeTracesData([renamed, part]).resourceSpans.map((envelope) => envelope.schemaUrl);
    assert.deepEqual(urls.toSorted(), ['', schemaUrl]);
  });

  it('keeps the more complete record of a span, wherever it came from', () => {
    const early = deliver('bank', makeSpan(1, 0, { endTimeUnixNano: 5n }));
    const late = deliver('gateway', makeSpan(1, 0, { endTimeUnixNano: 7n }));
    for (const parts of [
      [early, late],
      [late, early],
    ]) {
      const spans = flattenAll([mergeTracesData(parts)]);
      assert.deepEqual(
        spans.map((span) => [span.serviceName, span.endTimeUnixNano]),
        [['gateway', 7n]],
      );
    }
  });

  it('is empty for nothing', () => {
    assert.deepEqual(mergeTracesData([]), { resourceSpans: [] });
  });
});
