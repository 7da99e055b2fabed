import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ProtobufTraceSerializer, JsonTraceSerializer } from '@opentelemetry/otlp-transformer';
import { SpanKind as ApiSpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import type { HrTime, SpanContext } from '@opentelemetry/api';
import { tracesDataFromJson } from './from-json.ts';
import { decodeExportResponse, encodeExportResponse } from './response.ts';
import { decodeTracesData } from './read-trace.ts';
import type { Span } from './trace.ts';

/**
 * What the official SDK writes must be readable and mean the same in both encodings: its serialisers are fed the spans of
 * its own tracer's shape, and our decoders' answers are compared with each other and with what was meant.
 */
type OfficialSpan = Parameters<typeof ProtobufTraceSerializer.serializeRequest>[0][number];

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const context: SpanContext = { traceId: TRACE_ID, spanId: 'b7ad6b7169203331', traceFlags: TraceFlags.SAMPLED };
const start: HrTime = [1_700_000_000, 123_456_789];

const official = {
  name: 'POST /charge — größer 😀',
  kind: ApiSpanKind.CLIENT,
  spanContext: () => context,
  parentSpanContext: { ...context, spanId: '00f067aa0ba902b7', isRemote: true },
  startTime: start,
  endTime: [1_700_000_001, 1] satisfies HrTime,
  duration: [0, 876_543_212] satisfies HrTime,
  ended: true,
  status: { code: SpanStatusCode.ERROR, message: 'declined' },
  attributes: { text: 'x', whole: 42, negative: -7, part: 0.5, yes: true, list: ['a', 'b'], numbers: [1, 2.5] },
  links: [{ context: { ...context, spanId: '1111111111111111' }, attributes: { cause: 'batch' } }],
  events: [{ time: start, name: 'retry', attributes: { attempt: 2 } }],
  droppedAttributesCount: 1,
  droppedEventsCount: 2,
  droppedLinksCount: 3,
  resource: {
    attributes: { 'service.name': 'payments' },
    merge: () => assert.fail('not asked for'),
    getRawAttributes: () => [],
  },
  instrumentationScope: { name: 'lab', version: '1.0.0' },
} as unknown as OfficialSpan;

const expected: Span = {
  traceId: TRACE_ID,
  spanId: 'b7ad6b7169203331',
  traceState: '',
  parentSpanId: '00f067aa0ba902b7',
  name: 'POST /charge — größer 😀',
  kind: 3,
  startTimeUnixNano: 1_700_000_000_123_456_789n,
  endTimeUnixNano: 1_700_000_001_000_000_001n,
  attributes: [
    { key: 'text', value: 'x' },
    { key: 'whole', value: 42n },
    { key: 'negative', value: -7n },
    { key: 'part', value: 0.5 },
    { key: 'yes', value: true },
    { key: 'list', value: ['a', 'b'] },
    { key: 'numbers', value: [1n, 2.5] },
  ],
  droppedAttributesCount: 1,
  events: [
    {
      timeUnixNano: 1_700_000_000_123_456_789n,
      name: 'retry',
      attributes: [{ key: 'attempt', value: 2n }],
      droppedAttributesCount: 0,
    },
  ],
  droppedEventsCount: 2,
  links: [
    {
      traceId: TRACE_ID,
      spanId: '1111111111111111',
      traceState: '',
      attributes: [{ key: 'cause', value: 'batch' }],
      droppedAttributesCount: 0,
      flags: 0x101,
    },
  ],
  droppedLinksCount: 3,
  status: { code: 2, message: 'declined' },
  flags: 0x301,
};

describe('the official serialiser', () => {
  it('is understood in protobuf', () => {
    const bytes = ProtobufTraceSerializer.serializeRequest([official]);
    const decoded = decodeTracesData(bytes ?? new Uint8Array());
    assert.ok(decoded.ok);
    const envelope = decoded.value.resourceSpans[0];
    assert.deepEqual(envelope?.scopeSpans[0]?.spans, [expected]);
    assert.deepEqual(envelope.resource.attributes, [{ key: 'service.name', value: 'payments' }]);
    assert.deepEqual([envelope.scopeSpans[0]?.scope.name, envelope.scopeSpans[0]?.scope.version], ['lab', '1.0.0']);
  });

  it('means the same in JSON', () => {
    const text = new TextDecoder().decode(JsonTraceSerializer.serializeRequest([official]));
    const decoded = tracesDataFromJson(JSON.parse(text));
    assert.ok(decoded.ok, decoded.ok ? '' : decoded.error);
    assert.deepEqual(decoded.value.resourceSpans[0]?.scopeSpans[0]?.spans, [expected]);
  });

  it('understands our answers', () => {
    const read = ProtobufTraceSerializer.deserializeResponse(
      encodeExportResponse({ rejectedSpans: 3, errorMessage: 'no' }),
    );
    assert.equal(Number(read.partialSuccess?.rejectedSpans), 3);
    assert.equal(read.partialSuccess?.errorMessage, 'no');
    assert.deepEqual(decodeExportResponse(new Uint8Array()), {
      ok: true,
      value: { rejectedSpans: 0, errorMessage: '' },
    });
  });
});
