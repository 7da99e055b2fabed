import { isLowerHex } from '../ids.ts';
import { ProtobufWriter } from '../protobuf/writer.ts';
import { OTLP_FIELDS } from './fields.ts';
import type {
  InstrumentationScope,
  Resource,
  ResourceSpans,
  ScopeSpans,
  Span,
  SpanEvent,
  SpanLink,
  SpanStatus,
  TracesData,
} from './trace.ts';
import { writeKeyValues } from './write-attributes.ts';

const SPAN = OTLP_FIELDS.span;
const EVENT = OTLP_FIELDS.event;
const LINK = OTLP_FIELDS.link;
const SCOPE = OTLP_FIELDS.scope;
/** As hex. */
const NO_ID = '00';

/**
 * An ExportTraceServiceRequest, which has the same form. Zero values are left out, as proto3 does. Ids should be hex:
 * others yield bytes that a receiver refuses. Throws a RangeError for values nested deeper than LIMITS.anyValueDepthMax.
 */
export function encodeTracesData(data: TracesData): Uint8Array {
  const writer = new ProtobufWriter();
  for (const resourceSpans of data.resourceSpans) writeResourceSpans(writer, resourceSpans);
  return writer.finish();
}

function writeResourceSpans(writer: ProtobufWriter, resourceSpans: ResourceSpans): void {
  const fields = OTLP_FIELDS.resourceSpans;
  const mark = writer.open(OTLP_FIELDS.tracesData.resourceSpans);
  writeResource(writer, fields.resource, resourceSpans.resource);
  for (const scopeSpans of resourceSpans.scopeSpans) writeScopeSpans(writer, fields.scopeSpans, scopeSpans);
  text(writer, fields.schemaUrl, resourceSpans.schemaUrl);
  writer.close(mark);
}

function writeScopeSpans(writer: ProtobufWriter, field: number, scopeSpans: ScopeSpans): void {
  const fields = OTLP_FIELDS.scopeSpans;
  const mark = writer.open(field);
  writeScope(writer, fields.scope, scopeSpans.scope);
  for (const span of scopeSpans.spans) writeSpan(writer, fields.spans, span);
  text(writer, fields.schemaUrl, scopeSpans.schemaUrl);
  writer.close(mark);
}

export function writeResource(writer: ProtobufWriter, field: number, resource: Resource): void {
  const mark = writer.open(field);
  writeKeyValues(writer, OTLP_FIELDS.resource.attributes, resource.attributes);
  count(writer, OTLP_FIELDS.resource.droppedAttributesCount, resource.droppedAttributesCount);
  writer.close(mark);
}

export function writeScope(writer: ProtobufWriter, field: number, scope: InstrumentationScope): void {
  const mark = writer.open(field);
  text(writer, SCOPE.name, scope.name);
  text(writer, SCOPE.version, scope.version);
  writeKeyValues(writer, SCOPE.attributes, scope.attributes);
  count(writer, SCOPE.droppedAttributesCount, scope.droppedAttributesCount);
  writer.close(mark);
}

export function writeSpan(writer: ProtobufWriter, field: number, span: Span): void {
  const mark = writer.open(field);
  id(writer, SPAN.traceId, span.traceId);
  id(writer, SPAN.spanId, span.spanId);
  text(writer, SPAN.traceState, span.traceState);
  id(writer, SPAN.parentSpanId, span.parentSpanId);
  text(writer, SPAN.name, span.name);
  count(writer, SPAN.kind, span.kind);
  time(writer, SPAN.startTimeUnixNano, span.startTimeUnixNano);
  time(writer, SPAN.endTimeUnixNano, span.endTimeUnixNano);
  writeKeyValues(writer, SPAN.attributes, span.attributes);
  count(writer, SPAN.droppedAttributesCount, span.droppedAttributesCount);
  for (const event of span.events) writeEvent(writer, SPAN.events, event);
  count(writer, SPAN.droppedEventsCount, span.droppedEventsCount);
  for (const link of span.links) writeLink(writer, SPAN.links, link);
  count(writer, SPAN.droppedLinksCount, span.droppedLinksCount);
  writeStatus(writer, SPAN.status, span.status);
  flags(writer, SPAN.flags, span.flags);
  writer.close(mark);
}

export function writeEvent(writer: ProtobufWriter, field: number, event: SpanEvent): void {
  const mark = writer.open(field);
  time(writer, EVENT.timeUnixNano, event.timeUnixNano);
  text(writer, EVENT.name, event.name);
  writeKeyValues(writer, EVENT.attributes, event.attributes);
  count(writer, EVENT.droppedAttributesCount, event.droppedAttributesCount);
  writer.close(mark);
}

export function writeLink(writer: ProtobufWriter, field: number, link: SpanLink): void {
  const mark = writer.open(field);
  id(writer, LINK.traceId, link.traceId);
  id(writer, LINK.spanId, link.spanId);
  text(writer, LINK.traceState, link.traceState);
  writeKeyValues(writer, LINK.attributes, link.attributes);
  count(writer, LINK.droppedAttributesCount, link.droppedAttributesCount);
  flags(writer, LINK.flags, link.flags);
  writer.close(mark);
}

/** Nothing at all for a status that is unset and says nothing: absent means the same. */
export function writeStatus(writer: ProtobufWriter, field: number, status: SpanStatus): void {
  if (status.code === 0 && status.message === '') return;
  const mark = writer.open(field);
  text(writer, OTLP_FIELDS.status.message, status.message);
  count(writer, OTLP_FIELDS.status.code, status.code);
  writer.close(mark);
}

function text(writer: ProtobufWriter, field: number, value: string): void {
  if (value !== '') writer.string(field, value);
}

/** What is no hex has no bytes: a single zero byte keeps it an id that every reader refuses, where nothing at all would be no parent. */
function id(writer: ProtobufWriter, field: number, digits: string): void {
  if (digits !== '') writer.hex(field, digits.length % 2 === 0 && isLowerHex(digits) ? digits : NO_ID);
}

function count(writer: ProtobufWriter, field: number, value: number): void {
  if (value !== 0) writer.varint(field, value);
}

function flags(writer: ProtobufWriter, field: number, value: number): void {
  if (value !== 0) writer.fixed32(field, value);
}

function time(writer: ProtobufWriter, field: number, unixNano: bigint): void {
  if (unixNano !== 0n) writer.fixed64(field, unixNano);
}
