import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeTracesData, validateSpan, type Span } from '@tracelab/protocol';
import * as fc from 'fast-check';
import { seededRandom } from '../seeded-random.ts';
import {
  ATTRIBUTES,
  drawAttributeTraces,
  SPANS_PER_TRACE,
  VALUE_CHARACTERS,
  type AttributeTracesPlan,
} from './attribute-traces.ts';

const START_UNIX_MS = 1_780_000_000_000;

function draw(traces: number, seed: number, values: AttributeTracesPlan['values'] = 'random') {
  return drawAttributeTraces({ values, traces, startUnixMs: START_UNIX_MS, random: seededRandom(seed) });
}

function spansOf(requests: readonly Uint8Array[]): Span[] {
  return requests.flatMap((body) => {
    const data = decodeTracesData(body);
    assert.ok(data.ok);
    return data.value.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
  });
}

function valuesOf(spans: readonly Span[]): unknown[] {
  return spans.flatMap(({ attributes }) => attributes.map(({ value }) => value));
}

describe('traces of attributes', () => {
  it('are as many valid spans as they say, each trace with one root that its other spans name as their parent', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 120 }), fc.nat(), (traces, seed) => {
        const recording = draw(traces, seed);
        const spans = spansOf(recording.requests);
        assert.equal(spans.length, recording.spans);
        assert.equal(new Set(spans.map(({ traceId }) => traceId)).size, traces);
        assert.equal(new Set(spans.map(({ spanId }) => spanId)).size, traces * SPANS_PER_TRACE);
        const roots = new Map(spans.filter((span) => span.parentSpanId === '').map((span) => [span.traceId, span]));
        assert.equal(roots.size, traces);
        for (const span of spans) {
          assert.equal(validateSpan(span), undefined);
          if (span.parentSpanId !== '') assert.equal(span.parentSpanId, roots.get(span.traceId)?.spanId);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('have ten values of twenty characters each, no two alike where they are random and all alike where they are the same', () => {
    const random = valuesOf(spansOf(draw(60, 1).requests));
    assert.equal(random.length, 60 * SPANS_PER_TRACE * ATTRIBUTES);
    assert.equal(new Set(random).size, random.length);
    const same = valuesOf(spansOf(draw(60, 1, 'same').requests));
    assert.deepEqual([same.length, new Set(same).size], [random.length, 1]);
    for (const value of [...random, ...same]) assert.equal(String(value).length, VALUE_CHARACTERS);
  });

  it('come in requests of at most 512 spans, and repeat with their seed', () => {
    const { requests } = draw(120, 7);
    assert.deepEqual(
      requests.map((body) => spansOf([body]).length),
      [500, 500, 200],
    );
    assert.deepEqual(draw(120, 7).requests, requests);
    assert.notDeepEqual(draw(120, 8).requests, requests);
  });
});
