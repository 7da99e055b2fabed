import { OTLP_FIELDS, SPAN_FLAGS_IS_REMOTE, SPAN_FLAGS_IS_REMOTE_KNOWN } from '@tracelab/protocol';
import type { ProtobufWriter } from '@tracelab/protocol';
import { encodeAttributes } from './encode-attributes.ts';
import type { EventRecord, LinkRecord, SpanRecord } from './span-record.ts';

const SPAN = OTLP_FIELDS.span;
const EVENT = OTLP_FIELDS.event;
const LINK = OTLP_FIELDS.link;
const STATUS = OTLP_FIELDS.status;
const W3C_FLAGS_MASK = 0xff;

/**
 * Writes a finished span as one OTLP field, without a span object of the protocol in between: this runs once for every
 * sampled span. Zero values are left out, as proto3 allows (11 bytes a span).
 */
export function encodeSpan(writer: ProtobufWriter, field: number, span: SpanRecord): void {
  // Foreign code, so before the first byte: if it throws, the batch stays whole.
  const traceState = span.context.traceState?.serialize() ?? '';
  const mark = writer.open(field);
  encodeIdentity(writer, span, traceState);
  writer.varint(SPAN.kind, span.kind + 1);
  writer.fixed64(SPAN.startTimeUnixNano, span.startTimeUnixNano);
  writer.fixed64(SPAN.endTimeUnixNano, span.endTimeUnixNano);
  encodeAttributes(writer, SPAN.attributes, span.attributes);
  writeCount(writer, SPAN.droppedAttributesCount, span.attributes.droppedCount);
  if (span.events !== undefined) for (const event of span.events) encodeEvent(writer, event);
  writeCount(writer, SPAN.droppedEventsCount, span.droppedEventsCount);
  if (span.links !== undefined) for (const link of span.links) encodeLink(writer, link);
  writeCount(writer, SPAN.droppedLinksCount, span.droppedLinksCount);
  encodeStatus(writer, span);
  writer.fixed32(SPAN.flags, otlpFlags(span.context.traceFlags, span.isParentRemote));
  writer.close(mark);
}

function encodeIdentity(writer: ProtobufWriter, span: SpanRecord, traceState: string): void {
  writer.hex(SPAN.traceId, span.context.traceId);
  writer.hex(SPAN.spanId, span.context.spanId);
  if (traceState !== '') writer.string(SPAN.traceState, traceState);
  if (span.parentSpanId !== '') writer.hex(SPAN.parentSpanId, span.parentSpanId);
  if (span.name !== '') writer.string(SPAN.name, span.name);
}

function encodeEvent(writer: ProtobufWriter, event: EventRecord): void {
  const mark = writer.open(SPAN.events);
  writer.fixed64(EVENT.timeUnixNano, event.timeUnixNano);
  if (event.name !== '') writer.string(EVENT.name, event.name);
  encodeAttributes(writer, EVENT.attributes, event.attributes);
  writeCount(writer, EVENT.droppedAttributesCount, event.attributes.droppedCount);
  writer.close(mark);
}

function encodeLink(writer: ProtobufWriter, link: LinkRecord): void {
  const mark = writer.open(SPAN.links);
  writer.hex(LINK.traceId, link.traceId);
  writer.hex(LINK.spanId, link.spanId);
  if (link.traceState !== '') writer.string(LINK.traceState, link.traceState);
  encodeAttributes(writer, LINK.attributes, link.attributes);
  writeCount(writer, LINK.droppedAttributesCount, link.attributes.droppedCount);
  writer.fixed32(LINK.flags, otlpFlags(link.traceFlags, link.isRemote));
  writer.close(mark);
}

function encodeStatus(writer: ProtobufWriter, span: SpanRecord): void {
  if (span.statusCode === 0) return;
  const mark = writer.open(SPAN.status);
  if (span.statusMessage !== '') writer.string(STATUS.message, span.statusMessage);
  writer.varint(STATUS.code, span.statusCode);
  writer.close(mark);
}

function writeCount(writer: ProtobufWriter, field: number, count: number): void {
  if (count !== 0) writer.varint(field, count);
}

function otlpFlags(traceFlags: number, isRemote: boolean): number {
  return (traceFlags & W3C_FLAGS_MASK) | SPAN_FLAGS_IS_REMOTE_KNOWN | (isRemote ? SPAN_FLAGS_IS_REMOTE : 0);
}
