import { LIMITS } from '../limits.ts';
import { SPAN_ID_BYTES, TRACE_ID_BYTES, hexFromBytes } from '../ids.ts';
import { readFields, readMessage } from '../protobuf/message.ts';
import type { FieldRule, MessageRules } from '../protobuf/message.ts';
import { ProtobufReader } from '../protobuf/reader.ts';
import { WireType } from '../protobuf/wire-type.ts';
import { accept, refuse } from '../result.ts';
import type { Result } from '../result.ts';
import { emptyEvent, emptyLink, emptyResourceSpans, emptyScopeSpans, emptySpan } from './empty.ts';
import { OTLP_FIELDS } from './fields.ts';
import { readKeyValueInto } from './read-attributes.ts';
import { toSpanKind, toStatusCode } from './trace.ts';
import type {
  InstrumentationScope,
  KeyValue,
  Resource,
  ResourceSpans,
  ScopeSpans,
  Span,
  SpanEvent,
  SpanLink,
  SpanStatus,
  TracesData,
} from './trace.ts';

const { span: SPAN, event: EVENT, link: LINK, scope: SCOPE } = OTLP_FIELDS;

/**
 * Reads an ExportTraceServiceRequest. Never throws; judges the form only (whether ids and times make sense is
 * `validateSpan`'s question). Enum values that OTLP does not define read as 0; broken UTF-8 reads as U+FFFD.
 */
export function decodeTracesData(bytes: Uint8Array): Result<TracesData> {
  const reader = new ProtobufReader(bytes);
  reader.objectsLeft = LIMITS.otlpObjectsMax;
  const data = readFields(reader, TRACES_DATA_RULES, { resourceSpans: [] });
  return reader.malformed === undefined ? accept(data) : refuse(`malformed protobuf: ${reader.malformed}`);
}

/** Reads the one span that lies in these bytes without its tag and length, as the collector's buffers hold it. */
export function decodeSpan(bytes: Uint8Array, start = 0, end = bytes.length): Result<Span> {
  const reader = new ProtobufReader(bytes, start, end);
  reader.objectsLeft = LIMITS.otlpObjectsMax;
  const span = readFields(reader, SPAN_RULES, emptySpan());
  return reader.malformed === undefined ? accept(span) : refuse(`malformed protobuf: ${reader.malformed}`);
}

/** One byte more than an id has is enough to see that it is too long, and keeps a huge one from becoming huge text. */
function readId(reader: ProtobufReader, bytesExpected: number): string {
  return hexFromBytes(reader.bytes.subarray(0, bytesExpected + 1));
}

function delimited<Target>(read: FieldRule<Target>['read']): FieldRule<Target> {
  return { wireType: WireType.lengthDelimited, read };
}

/** A message of a list: each one costs objects, which are bounded. */
function items<Target>(read: FieldRule<Target>['read'], objects = 1): FieldRule<Target> {
  return delimited((reader, target) => {
    if (reader.spendObjects(objects)) read(reader, target);
  });
}

function varint<Target>(put: (target: Target, value: number) => void): FieldRule<Target> {
  return { wireType: WireType.varint, read: (reader, target) => put(target, reader.varintNumber) };
}

function fixed32<Target>(put: (target: Target, value: number) => void): FieldRule<Target> {
  return { wireType: WireType.fixed32, read: (reader, target) => put(target, reader.fixed32) };
}

function fixed64<Target>(put: (target: Target, value: bigint) => void): FieldRule<Target> {
  return { wireType: WireType.fixed64, read: (reader, target) => put(target, reader.fixed64) };
}

function text<Target>(put: (target: Target, value: string) => void): FieldRule<Target> {
  return { wireType: WireType.lengthDelimited, read: (reader, target) => put(target, reader.text) };
}

const attributes: FieldRule<{ attributes: KeyValue[] }> = items((reader, owner) =>
  readKeyValueInto(reader, owner.attributes),
);

const droppedAttributesCount: FieldRule<{ droppedAttributesCount: number }> = varint((owner, value) => {
  owner.droppedAttributesCount = value;
});

const STATUS_RULES: MessageRules<SpanStatus> = {
  [OTLP_FIELDS.status.message]: text((status, value) => (status.message = value)),
  [OTLP_FIELDS.status.code]: varint((status, value) => (status.code = toStatusCode(value))),
};

const EVENT_RULES: MessageRules<SpanEvent> = {
  [EVENT.timeUnixNano]: fixed64((event, value) => (event.timeUnixNano = value)),
  [EVENT.name]: text((event, value) => (event.name = value)),
  [EVENT.attributes]: attributes,
  [EVENT.droppedAttributesCount]: droppedAttributesCount,
};

const LINK_RULES: MessageRules<SpanLink> = {
  [LINK.traceId]: delimited((reader, link) => (link.traceId = readId(reader, TRACE_ID_BYTES))),
  [LINK.spanId]: delimited((reader, link) => (link.spanId = readId(reader, SPAN_ID_BYTES))),
  [LINK.traceState]: text((link, value) => (link.traceState = value)),
  [LINK.attributes]: attributes,
  [LINK.droppedAttributesCount]: droppedAttributesCount,
  [LINK.flags]: fixed32((link, value) => (link.flags = value)),
};

const SPAN_RULES: MessageRules<Span> = {
  [SPAN.traceId]: delimited((reader, span) => (span.traceId = readId(reader, TRACE_ID_BYTES))),
  [SPAN.spanId]: delimited((reader, span) => (span.spanId = readId(reader, SPAN_ID_BYTES))),
  [SPAN.traceState]: text((span, value) => (span.traceState = value)),
  [SPAN.parentSpanId]: delimited((reader, span) => (span.parentSpanId = readId(reader, SPAN_ID_BYTES))),
  [SPAN.name]: text((span, value) => (span.name = value)),
  [SPAN.kind]: varint((span, value) => (span.kind = toSpanKind(value))),
  [SPAN.startTimeUnixNano]: fixed64((span, value) => (span.startTimeUnixNano = value)),
  [SPAN.endTimeUnixNano]: fixed64((span, value) => (span.endTimeUnixNano = value)),
  [SPAN.attributes]: attributes,
  [SPAN.droppedAttributesCount]: droppedAttributesCount,
  [SPAN.events]: items((reader, span) => span.events.push(readMessage(reader, EVENT_RULES, emptyEvent()))),
  [SPAN.droppedEventsCount]: varint((span, value) => (span.droppedEventsCount = value)),
  [SPAN.links]: items((reader, span) => span.links.push(readMessage(reader, LINK_RULES, emptyLink()))),
  [SPAN.droppedLinksCount]: varint((span, value) => (span.droppedLinksCount = value)),
  [SPAN.status]: delimited((reader, span) => readMessage(reader, STATUS_RULES, span.status)),
  [SPAN.flags]: fixed32((span, value) => (span.flags = value)),
};

const SCOPE_RULES: MessageRules<InstrumentationScope> = {
  [SCOPE.name]: text((scope, value) => (scope.name = value)),
  [SCOPE.version]: text((scope, value) => (scope.version = value)),
  [SCOPE.attributes]: attributes,
  [SCOPE.droppedAttributesCount]: droppedAttributesCount,
};

const RESOURCE_RULES: MessageRules<Resource> = {
  [OTLP_FIELDS.resource.attributes]: attributes,
  [OTLP_FIELDS.resource.droppedAttributesCount]: droppedAttributesCount,
};

const SCOPE_SPANS_RULES: MessageRules<ScopeSpans> = {
  [OTLP_FIELDS.scopeSpans.scope]: delimited((reader, owner) => readMessage(reader, SCOPE_RULES, owner.scope)),
  [OTLP_FIELDS.scopeSpans.spans]: items(
    (reader, owner) => owner.spans.push(readMessage(reader, SPAN_RULES, emptySpan())),
    LIMITS.spanObjects,
  ),
  [OTLP_FIELDS.scopeSpans.schemaUrl]: text((owner, value) => (owner.schemaUrl = value)),
};

const RESOURCE_SPANS_RULES: MessageRules<ResourceSpans> = {
  [OTLP_FIELDS.resourceSpans.resource]: delimited((reader, owner) =>
    readMessage(reader, RESOURCE_RULES, owner.resource),
  ),
  [OTLP_FIELDS.resourceSpans.scopeSpans]: items((reader, owner) =>
    owner.scopeSpans.push(readMessage(reader, SCOPE_SPANS_RULES, emptyScopeSpans())),
  ),
  [OTLP_FIELDS.resourceSpans.schemaUrl]: text((owner, value) => (owner.schemaUrl = value)),
};

const TRACES_DATA_RULES: MessageRules<TracesData> = {
  [OTLP_FIELDS.tracesData.resourceSpans]: items((reader, data) =>
    data.resourceSpans.push(readMessage(reader, RESOURCE_SPANS_RULES, emptyResourceSpans())),
  ),
};
