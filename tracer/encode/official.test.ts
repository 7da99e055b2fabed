/** What we write means what the official SDK's serializer says of the same span: both are read by the same decoder. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import type { Attributes, HrTime, SpanContext, TraceState } from '@opentelemetry/api';
import { decodeTracesData } from '@tracelab/protocol';
import type { KeyValue, Span } from '@tracelab/protocol';
import * as fc from 'fast-check';
import { unixNano } from '../clock/span-time.ts';
import type { SpanTime } from '../clock/span-time.ts';
import { MemberTraceState } from '../propagate/trace-state.ts';
import type { AttributeBag, StoredValue } from '../span/attribute-bag.ts';
import type { LinkRecord, SpanRecord } from '../span/span-record.ts';
import { arbitraryRecord } from '../test-kit/arbitrary-record.ts';
import { spansIn } from '../test-kit/expected-span.ts';
import { encodeSpan } from './encode-span.ts';
import { ScopeBytes } from './scope-bytes.ts';

type OfficialSpan = Parameters<typeof ProtobufTraceSerializer.serializeRequest>[0][number];

const NANOS = 1_000_000_000n;

function hrTime(time: SpanTime, record: SpanRecord): HrTime {
  const nanos = unixNano(time, record.anchor);
  return [Number(nanos / NANOS), Number(nanos % NANOS)];
}

/** A list of numbers is all of one kind with us; the official one takes unsafe integers for int64. */
function isComparable(value: StoredValue): boolean {
  if (typeof value === 'object') return value.every((item) => typeof item !== 'number' || Number.isSafeInteger(item));
  return typeof value !== 'number' || !Number.isInteger(value) || Number.isSafeInteger(value);
}

function bagsOf({ attributes, events, links }: SpanRecord): AttributeBag[] {
  return [attributes, ...[...(events?.items ?? []), ...(links?.items ?? [])].map((owner) => owner.attributes)].filter(
    (bag) => bag !== undefined,
  );
}

function attributesOf(bag: AttributeBag | undefined): Attributes {
  const entries: [string, StoredValue][] = [];
  for (let index = 0; index < (bag?.entries.length ?? 0); index += 2) {
    entries.push([String(bag?.entries[index]), bag?.entries[index + 1] ?? '']);
  }
  return Object.fromEntries(entries) as Attributes;
}

function linkContext(link: LinkRecord): SpanContext {
  const traceState: TraceState | undefined = MemberTraceState.parse(link.traceState);
  return {
    traceId: link.traceId.hex,
    spanId: link.spanId.hex,
    traceFlags: link.traceFlags,
    isRemote: link.isRemote,
    ...(traceState && { traceState }),
  };
}

const NONE = { items: [], droppedCount: 0 };

function officialSpan(record: SpanRecord): OfficialSpan {
  const { traceFlags, traceState, parentSpanId, events = NONE, links = NONE } = record;
  const traceId = record.traceId.hex;
  const parent = parentSpanId && { traceId, spanId: parentSpanId.hex, traceFlags, isRemote: record.isParentRemote };
  const span: Partial<Record<keyof OfficialSpan, unknown>> = {
    name: record.name,
    kind: record.kind,
    spanContext: () => ({ traceId, spanId: record.spanId.hex, traceFlags, traceState }),
    parentSpanContext: parent,
    startTime: hrTime(record.startTime, record),
    endTime: hrTime(record.endTime, record),
    status: { code: record.statusCode, message: record.statusCode === 0 ? '' : record.statusMessage },
    attributes: attributesOf(record.attributes),
    droppedAttributesCount: record.attributes?.droppedCount ?? 0,
    events: events.items.map(({ time, name, attributes }) => ({
      time: hrTime(time, record),
      name,
      attributes: attributesOf(attributes),
      droppedAttributesCount: attributes.droppedCount,
    })),
    droppedEventsCount: events.droppedCount,
    links: links.items.map((link) => ({
      context: linkContext(link),
      attributes: attributesOf(link.attributes),
      droppedAttributesCount: link.attributes.droppedCount,
    })),
    droppedLinksCount: links.droppedCount,
    resource: { attributes: {} },
    instrumentationScope: { name: 'test' },
  };
  return span as OfficialSpan;
}

function officialReading(record: SpanRecord): Span[] {
  const data = decodeTracesData(ProtobufTraceSerializer.serializeRequest([officialSpan(record)]) ?? new Uint8Array());
  assert(data.ok, data.ok ? '' : data.error);
  return data.value.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
}

/** An object puts keys of digits first. */
function sorted<Owner extends { attributes: KeyValue[] }>(owner: Owner): Owner {
  return { ...owner, attributes: owner.attributes.toSorted((a, b) => (a.key < b.key ? -1 : 1)) };
}

function inKeyOrder(span: Span): Span {
  return { ...sorted(span), events: span.events.map(sorted), links: span.links.map(sorted) };
}

it('is read like what the official serializer writes of the same span', () => {
  fc.assert(
    fc.property(arbitraryRecord, (record) => {
      fc.pre(bagsOf(record).every((bag) => bag.entries.every(isComparable)));
      // A span without a parent has no remote one either.
      fc.pre(record.parentSpanId !== undefined || !record.isParentRemote);
      const bytes = new ScopeBytes({ name: 'test', version: '', schemaUrl: '' });
      encodeSpan(bytes, record);
      assert.deepEqual(spansIn(bytes).map(inKeyOrder), officialReading(record).map(inKeyOrder));
    }),
  );
});
