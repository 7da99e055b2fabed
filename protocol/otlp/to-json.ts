import { LIMITS } from '../limits.ts';
import { base64Encode } from '../text/base64.ts';
import type {
  AnyValueJson,
  EventJson,
  KeyValueJson,
  LinkJson,
  ResourceJson,
  ResourceSpansJson,
  ScopeJson,
  ScopeSpansJson,
  SpanJson,
  TracesDataJson,
} from './json-shapes.ts';
import type {
  AnyValue,
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

/** A plain object for JSON.stringify. Throws a RangeError for values nested deeper than LIMITS.anyValueDepthMax. */
export function tracesDataToJson(data: TracesData): TracesDataJson {
  return { resourceSpans: data.resourceSpans.map(resourceSpansToJson) };
}

function resourceSpansToJson({ resource, scopeSpans, schemaUrl }: ResourceSpans): ResourceSpansJson {
  return { resource: ownerToJson(resource), scopeSpans: scopeSpans.map(scopeSpansToJson), ...text({ schemaUrl }) };
}

function scopeSpansToJson({ scope, spans, schemaUrl }: ScopeSpans): ScopeSpansJson {
  return { scope: scopeToJson(scope), spans: spans.map(spanToJson), ...text({ schemaUrl }) };
}

function scopeToJson(scope: InstrumentationScope): ScopeJson {
  const { name, version } = scope;
  return { ...text({ name, version }), ...ownerToJson(scope) };
}

export function spanToJson(span: Span): SpanJson {
  const { traceState, parentSpanId, flags, droppedEventsCount, droppedLinksCount } = span;
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    ...text({ traceState, parentSpanId }),
    ...counts({ flags }),
    name: span.name,
    kind: span.kind,
    startTimeUnixNano: String(span.startTimeUnixNano),
    endTimeUnixNano: String(span.endTimeUnixNano),
    ...ownerToJson(span),
    ...(span.events.length === 0 ? {} : { events: span.events.map(eventToJson) }),
    ...(span.links.length === 0 ? {} : { links: span.links.map(linkToJson) }),
    ...counts({ droppedEventsCount, droppedLinksCount }),
    ...statusToJson(span.status),
  };
}

function eventToJson(event: SpanEvent): EventJson {
  return { timeUnixNano: String(event.timeUnixNano), name: event.name, ...ownerToJson(event) };
}

function linkToJson(link: SpanLink): LinkJson {
  const { traceId, spanId, traceState, flags } = link;
  return { traceId, spanId, ...text({ traceState }), ...ownerToJson(link), ...counts({ flags }) };
}

function statusToJson({ code, message }: SpanStatus): Pick<SpanJson, 'status'> {
  return code === 0 && message === '' ? {} : { status: { ...counts({ code }), ...text({ message }) } };
}

function ownerToJson({ attributes, droppedAttributesCount }: Resource): ResourceJson {
  return {
    ...(attributes.length === 0 ? {} : { attributes: attributes.map((keyValue) => keyValueToJson(keyValue, 0)) }),
    ...counts({ droppedAttributesCount }),
  };
}

function keyValueToJson({ key, value }: KeyValue, depth: number): KeyValueJson {
  return { key, value: anyValueToJson(value, depth) };
}

function anyValueToJson(value: AnyValue, depth: number): AnyValueJson {
  switch (typeof value) {
    case 'string':
      return { stringValue: value };
    case 'boolean':
      return { boolValue: value };
    case 'bigint':
      return { intValue: String(BigInt.asIntN(64, value)) };
    case 'number':
      return { doubleValue: Number.isFinite(value) ? value : nonFiniteText(value) };
    default:
      return compositeToJson(value, depth);
  }
}

function nonFiniteText(value: number): 'NaN' | 'Infinity' | '-Infinity' {
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? 'Infinity' : '-Infinity';
}

function compositeToJson(value: Extract<AnyValue, object | null>, depth: number): AnyValueJson {
  if (value === null) return {};
  if (value instanceof Uint8Array) return { bytesValue: base64Encode(value) };
  if (depth >= LIMITS.anyValueDepthMax) {
    throw new RangeError(`attribute values should be nested at most ${LIMITS.anyValueDepthMax} deep`);
  }
  if (Array.isArray(value)) return { arrayValue: { values: value.map((item) => anyValueToJson(item, depth + 1)) } };
  return { kvlistValue: { values: value.keyValues.map((item) => keyValueToJson(item, depth + 1)) } };
}

/** The fields that have text. */
function text<Key extends string>(fields: Record<Key, string>): Partial<Record<Key, string>> {
  return withoutZeros(fields, '');
}

/** The fields that are not 0. */
function counts<Key extends string>(fields: Record<Key, number>): Partial<Record<Key, number>> {
  return withoutZeros(fields, 0);
}

function withoutZeros<Key extends string, Value>(fields: Record<Key, Value>, zero: Value): Partial<Record<Key, Value>> {
  const kept: Partial<Record<Key, Value>> = {};
  for (const key in fields) {
    if (fields[key] !== zero) kept[key] = fields[key];
  }
  return kept;
}
