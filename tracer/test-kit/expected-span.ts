import assert from 'node:assert/strict';
import { decodeTracesData } from '@tracelab/protocol';
import type { AnyValue, KeyValue, Span } from '@tracelab/protocol';
import { unixNano } from '../clock/span-time.ts';
import { OtlpBytes } from '../encode/otlp-bytes.ts';
import type { ScopeBytes } from '../encode/scope-bytes.ts';
import { TAG } from '../encode/tags.ts';
import type { AttributeBag, StoredValue } from '../span/attribute-bag.ts';
import type { SpanRecord } from '../span/span-record.ts';

const IS_REMOTE_KNOWN = 0x100;
const IS_REMOTE = 0x200;

const NONE = { items: [], droppedCount: 0 };

/** What OTLP has to say of a record, put together without regard to cost. */
export function expectedSpan(record: SpanRecord): Span {
  const at = (time: SpanRecord['startTime']): bigint => BigInt.asUintN(64, unixNano(time, record.anchor));
  const { events = NONE, links = NONE } = record;
  return {
    traceId: record.traceId.hex,
    spanId: record.spanId.hex,
    traceState: record.traceState?.serialize() ?? '',
    parentSpanId: record.parentSpanId?.hex ?? '',
    name: record.name.toWellFormed(),
    kind: (record.kind + 1) as Span['kind'],
    startTimeUnixNano: at(record.startTime),
    endTimeUnixNano: at(record.endTime),
    ...expectedOwner(record.attributes),
    events: events.items.map((event) => ({
      timeUnixNano: at(event.time),
      name: event.name.toWellFormed(),
      ...expectedOwner(event.attributes),
    })),
    droppedEventsCount: events.droppedCount,
    links: links.items.map((link) => ({
      traceId: link.traceId.hex,
      spanId: link.spanId.hex,
      traceState: link.traceState,
      ...expectedOwner(link.attributes),
      flags: link.traceFlags + IS_REMOTE_KNOWN + (link.isRemote ? IS_REMOTE : 0),
    })),
    droppedLinksCount: links.droppedCount,
    status: {
      code: record.statusCode as Span['status']['code'],
      message: record.statusCode === 0 ? '' : record.statusMessage.toWellFormed(),
    },
    flags: record.traceFlags + IS_REMOTE_KNOWN + (record.isParentRemote ? IS_REMOTE : 0),
  };
}

function expectedOwner(bag: AttributeBag | undefined): { attributes: KeyValue[]; droppedAttributesCount: number } {
  const attributes: KeyValue[] = [];
  for (let index = 0; index < (bag?.entries.length ?? 0); index += 2) {
    const [key, value] = bag?.entries.slice(index, index + 2) ?? [];
    attributes.push({ key: String(key).toWellFormed(), value: expectedValue(value ?? '') });
  }
  return { attributes, droppedAttributesCount: bag?.droppedCount ?? 0 };
}

function expectedValue(value: StoredValue): AnyValue {
  if (typeof value !== 'object') return expectedScalar(value);
  const hasDouble = value.some((item) => typeof item === 'number' && !Number.isSafeInteger(item));
  return value.map((item) => (hasDouble || item === null ? wellFormed(item) : expectedScalar(item)));
}

function expectedScalar(value: string | number | boolean): AnyValue {
  return Number.isSafeInteger(value) ? BigInt(value) : wellFormed(value);
}

/** UTF-8 has no form for half of a pair. */
function wellFormed<T>(value: T): T | string {
  return typeof value === 'string' ? value.toWellFormed() : value;
}

/** Reads back what was written of one library. */
export function spansIn(bytes: ScopeBytes): Span[] {
  const request = new OtlpBytes(16);
  const mark = request.open(TAG.tracesData.resourceSpans);
  bytes.writeInto(request);
  request.close(mark);
  const data = decodeTracesData(request.written());
  assert(data.ok, data.ok ? '' : data.error);
  return data.value.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
}
