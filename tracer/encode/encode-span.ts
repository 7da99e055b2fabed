import { SPAN_FLAGS_IS_REMOTE, SPAN_FLAGS_IS_REMOTE_KNOWN } from '@tracelab/protocol';
import type { ClockAnchor } from '../clock/span-clock.ts';
import { asText } from '../span/as-text.ts';
import type { EventRecord, LinkRecord, Listed, SpanRecord } from '../span/span-record.ts';
import { encodeAttributes } from './encode-attributes.ts';
import { writeTime } from './otlp-bytes.ts';
import type { ScopeBytes } from './scope-bytes.ts';
import { TAG } from './tags.ts';

const W3C_FLAGS_MASK = 0xff;
const UINT32_MAX = 0xffff_ffff;

/**
 * Writes a finished span as one OTLP field, without a span object of the protocol in between: this runs once for every
 * sampled span. Zero values are left out, as proto3 allows (11 bytes a span). Throws what a foreign tracestate throws.
 */
export function encodeSpan(bytes: ScopeBytes, span: SpanRecord): void {
  const traceState = asText(span.traceState?.serialize());
  // Without attributes nearly all spans are below 128 bytes, with some nearly all above.
  const lengthBytes = span.attributes === undefined ? 1 : 2;
  const mark = bytes.open(TAG.scopeSpans.spans, lengthBytes);
  encodeFixedFields(bytes, span);
  if (traceState !== '') bytes.text(TAG.span.traceState, traceState);
  if (span.name !== '') bytes.text(TAG.span.name, span.name);
  if (span.attributes !== undefined) {
    encodeAttributes(bytes, bytes.spanAttributes, span.attributes);
    encodeCount(bytes, TAG.span.droppedAttributes, span.attributes.droppedCount);
  }
  if (span.events !== undefined) encodeEvents(bytes, span.events, span.anchor);
  if (span.links !== undefined) encodeLinks(bytes, span.links);
  if (span.statusCode !== 0) encodeStatus(bytes, span);
  bytes.close(mark, lengthBytes);
}

/** Field number 16: its tag takes two bytes. */
const FLAGS_TAG = (((TAG.span.flags & 0x7f) | 0x80) << 8) | (TAG.span.flags >> 7);
const BYTES_8 = 8;
const BYTES_16 = 16;
const FIXED_BYTES_MAX = 64;

/** All that has the same size in every span, in one stretch: ids, kind, times and flags are a third of what is written. */
function encodeFixedFields(bytes: ScopeBytes, span: SpanRecord): void {
  const view = bytes.claim(FIXED_BYTES_MAX);
  let at = bytes.length;
  view.setUint16(at, (TAG.span.traceId << 8) | BYTES_16);
  span.traceId.writeTo(view, at + 2);
  view.setUint16(at + 18, (TAG.span.spanId << 8) | BYTES_8);
  span.spanId.writeTo(view, at + 20);
  at += 28;
  if (span.parentSpanId !== undefined) {
    view.setUint16(at, (TAG.span.parentSpanId << 8) | BYTES_8);
    span.parentSpanId.writeTo(view, at + 2);
    at += 10;
  }
  view.setUint16(at, (TAG.span.kind << 8) | (span.kind + 1));
  view.setUint8(at + 2, TAG.span.startTime);
  writeTime(view, at + 3, span.startTime, span.anchor);
  view.setUint8(at + 11, TAG.span.endTime);
  writeTime(view, at + 12, span.endTime, span.anchor);
  view.setUint16(at + 20, FLAGS_TAG);
  view.setUint32(at + 22, otlpFlags(span.traceFlags, span.isParentRemote), true);
  bytes.length = at + 26;
}

function encodeEvents(bytes: ScopeBytes, events: Listed<EventRecord>, anchor: ClockAnchor): void {
  for (const event of events.items) {
    const mark = bytes.open(TAG.span.events);
    bytes.time(TAG.event.time, event.time, anchor);
    if (event.name !== '') bytes.text(TAG.event.name, event.name);
    encodeAttributes(bytes, bytes.eventAttributes, event.attributes);
    encodeCount(bytes, TAG.event.droppedAttributes, event.attributes.droppedCount);
    bytes.close(mark);
  }
  encodeCount(bytes, TAG.span.droppedEvents, events.droppedCount);
}

function encodeLinks(bytes: ScopeBytes, links: Listed<LinkRecord>): void {
  for (const link of links.items) encodeLink(bytes, link);
  encodeCount(bytes, TAG.span.droppedLinks, links.droppedCount);
}

function encodeLink(bytes: ScopeBytes, link: LinkRecord): void {
  const mark = bytes.open(TAG.span.links);
  bytes.traceId(TAG.link.traceId, link.traceId);
  bytes.spanId(TAG.link.spanId, link.spanId);
  if (link.traceState !== '') bytes.text(TAG.link.traceState, link.traceState);
  encodeAttributes(bytes, bytes.linkAttributes, link.attributes);
  encodeCount(bytes, TAG.link.droppedAttributes, link.attributes.droppedCount);
  bytes.fixed32(TAG.link.flags, otlpFlags(link.traceFlags, link.isRemote));
  bytes.close(mark);
}

function encodeStatus(bytes: ScopeBytes, span: SpanRecord): void {
  const mark = bytes.open(TAG.span.status);
  if (span.statusMessage !== '') bytes.text(TAG.status.message, span.statusMessage);
  bytes.varint(TAG.status.code, span.statusCode);
  bytes.close(mark);
}

/** OTLP's counts are uint32: of a greater one receivers would keep the lower half. */
function encodeCount(bytes: ScopeBytes, tag: number, count: number): void {
  if (count !== 0) bytes.varint(tag, Math.min(count, UINT32_MAX));
}

function otlpFlags(traceFlags: number, isRemote: boolean): number {
  return (traceFlags & W3C_FLAGS_MASK) | SPAN_FLAGS_IS_REMOTE_KNOWN | (isRemote ? SPAN_FLAGS_IS_REMOTE : 0);
}
