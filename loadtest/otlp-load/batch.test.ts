import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildTraceTree, flattenTracesData } from '@tracelab/model';
import { decodeTracesData, SpanKind, StatusCode, type Span, type TracesData } from '@tracelab/protocol';
import { createBatch, type Batch } from './batch.ts';
import { describeProcess, FIVE_SERVICES, SEVEN_SERVICES, spansPerTrace, type TraceShape } from './trace-shape.ts';

const NOW_MS = 1_780_000_000_000;

function batchOf(process: number, traces: number, shape = FIVE_SERVICES): Batch {
  return createBatch(describeProcess(shape, { process, traces, nowUnixMs: NOW_MS }));
}

function decode(body: Uint8Array): TracesData {
  const decoded = decodeTracesData(body);
  assert.ok(decoded.ok);
  return decoded.value;
}

function traceIdsOf(body: Uint8Array): Set<string> {
  return new Set(flattenTracesData(decode(body)).map(({ traceId }) => traceId));
}

describe('a batch of one process', () => {
  it('is OTLP with the spans it says, of 4 to 12 attributes each', () => {
    const batch = batchOf(3, 20);
    const body = batch.body(1);
    const spans = flattenTracesData(decode(body));
    assert.deepEqual([spans.length, body.length], [batch.spans, batch.bytes]);
    assert.equal(batch.spans, 40);
    for (const { attributes } of spans) assert.ok(attributes.length >= 4 && attributes.length <= 12);
  });

  it('is of other traces with each generation, and leaves the bodies before it alone', () => {
    const batch = batchOf(0, 20);
    const [first, second] = [batch.body(65_536), batch.body(65_537)];
    assert.equal(traceIdsOf(first).size, 20);
    assert.equal(new Set([...traceIdsOf(first), ...traceIdsOf(second)]).size, 40);
    assert.deepEqual(batch.body(65_536), first);
  });

  for (const [name, shape] of Object.entries({ FIVE_SERVICES, SEVEN_SERVICES }))
    it(`makes with the other processes of its group whole traces with one root, and none with another group: ${name}`, () => {
      const crossed = shape.services.length;
      const all = shape.services.flatMap((_, process) => flattenTracesData(decode(batchOf(process, 4, shape).body(7))));
      const byTrace = Map.groupBy(all, ({ traceId }) => traceId);
      assert.equal(byTrace.size, 4);
      for (const spans of byTrace.values()) {
        const { roots } = buildTraceTree(spans);
        assert.deepEqual([spans.length, roots.length], [spansPerTrace(shape), 1]);
        assert.equal(new Set(spans.map(({ spanId }) => spanId)).size, spans.length);
      }
      const others = traceIdsOf(batchOf(crossed, 4, shape).body(7));
      assert.ok([...others].every((traceId) => !byTrace.has(traceId)));
    });

  it('has 1 % of errors, and slow traces only where its shape says so', () => {
    const spansOf = (shape: TraceShape): Span[] =>
      describeProcess(shape, { process: 0, traces: 1000, nowUnixMs: NOW_MS }).scopeSpans[0]?.spans ?? [];
    const count = (shape: TraceShape, is: (span: Span) => boolean): number =>
      spansOf(shape).filter((span) => span.kind === SpanKind.server && is(span)).length;
    const isSlow = (span: Span): boolean => span.endTimeUnixNano - span.startTimeUnixNano > 500_000_000n;
    const isError = ({ status }: Span): boolean => status.code === StatusCode.error;
    assert.deepEqual([count(SEVEN_SERVICES, isError), count(SEVEN_SERVICES, isSlow)], [10, 20]);
    assert.equal(
      count(SEVEN_SERVICES, (span) => isError(span) && isSlow(span)),
      0,
    );
    assert.deepEqual([count(FIVE_SERVICES, isError), count(FIVE_SERVICES, isSlow)], [10, 0]);
  });
});
