import { LIMITS } from '../limits.ts';
import { accept, refuse } from '../result.ts';
import type { Result } from '../result.ts';
import { JsonFields } from './json-fields.ts';
import type { JsonRecord } from '../json-record.ts';
import { toSpanKind, toStatusCode } from './trace.ts';
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

/**
 * Reads parsed OTLP JSON. Never throws; judges the form only, as `decodeTracesData` does. Unknown fields are ignored, also
 * snake_case names; ids are made lower case. A refusal names the path of the field.
 */
export function tracesDataFromJson(value: unknown): Result<TracesData> {
  const fields = new JsonFields();
  const data = fields.document(value, (record) => ({
    resourceSpans: fields.list(record, 'resourceSpans', (item) => readResourceSpans(fields, item)),
  }));
  return fields.refusal === undefined ? accept(data) : refuse(fields.refusal);
}

function readResourceSpans(fields: JsonFields, record: JsonRecord): ResourceSpans {
  return {
    resource: fields.record(record, 'resource', (resource) => readAttributes(fields, resource)),
    scopeSpans: fields.list(record, 'scopeSpans', (item) => readScopeSpans(fields, item)),
    schemaUrl: fields.text(record, 'schemaUrl'),
  };
}

function readScopeSpans(fields: JsonFields, record: JsonRecord): ScopeSpans {
  return {
    scope: fields.record(record, 'scope', (scope) => readScope(fields, scope)),
    spans: fields.list(record, 'spans', (item) => readSpan(fields, item), LIMITS.spanObjects),
    schemaUrl: fields.text(record, 'schemaUrl'),
  };
}

function readScope(fields: JsonFields, record: JsonRecord): InstrumentationScope {
  return {
    name: fields.text(record, 'name'),
    version: fields.text(record, 'version'),
    ...readAttributes(fields, record),
  };
}

function readSpan(fields: JsonFields, record: JsonRecord): Span {
  return {
    traceId: readId(fields, record, 'traceId'),
    spanId: readId(fields, record, 'spanId'),
    traceState: fields.text(record, 'traceState'),
    parentSpanId: readId(fields, record, 'parentSpanId'),
    name: fields.text(record, 'name'),
    kind: toSpanKind(fields.enumCode(record, 'kind')),
    startTimeUnixNano: fields.uint64(record, 'startTimeUnixNano'),
    endTimeUnixNano: fields.uint64(record, 'endTimeUnixNano'),
    ...readAttributes(fields, record),
    events: fields.list(record, 'events', (item) => readEvent(fields, item)),
    droppedEventsCount: fields.uint32(record, 'droppedEventsCount'),
    links: fields.list(record, 'links', (item) => readLink(fields, item)),
    droppedLinksCount: fields.uint32(record, 'droppedLinksCount'),
    status: fields.record(record, 'status', (status) => readStatus(fields, status)),
    flags: fields.uint32(record, 'flags'),
  };
}

function readEvent(fields: JsonFields, record: JsonRecord): SpanEvent {
  return {
    timeUnixNano: fields.uint64(record, 'timeUnixNano'),
    name: fields.text(record, 'name'),
    ...readAttributes(fields, record),
  };
}

function readLink(fields: JsonFields, record: JsonRecord): SpanLink {
  return {
    traceId: readId(fields, record, 'traceId'),
    spanId: readId(fields, record, 'spanId'),
    traceState: fields.text(record, 'traceState'),
    ...readAttributes(fields, record),
    flags: fields.uint32(record, 'flags'),
  };
}

function readStatus(fields: JsonFields, record: JsonRecord): SpanStatus {
  return { code: toStatusCode(fields.enumCode(record, 'code')), message: fields.text(record, 'message') };
}

/** What is not hex, base64 for example, stays as it is: the span's own validation refuses it, not the whole request. */
function readId(fields: JsonFields, record: JsonRecord, key: string): string {
  return fields.text(record, key).toLowerCase();
}

function readAttributes(fields: JsonFields, record: JsonRecord): Resource {
  return {
    attributes: readKeyValues(fields, record, 'attributes', 0),
    droppedAttributesCount: fields.uint32(record, 'droppedAttributesCount'),
  };
}

function readKeyValues(fields: JsonFields, record: JsonRecord, key: string, depth: number): KeyValue[] {
  return fields.list(record, key, (item) => ({
    key: fields.text(item, 'key'),
    value: fields.record(item, 'value', (value) => readAnyValue(fields, value, depth)),
  }));
}

type ValueReader = (fields: JsonFields, record: JsonRecord, depth: number) => AnyValue;

/** AnyValue's oneof by field name. */
const VALUE_READERS: Readonly<Record<string, ValueReader>> = {
  stringValue: (fields, record) => fields.text(record, 'stringValue'),
  boolValue: (fields, record) => fields.bool(record, 'boolValue'),
  intValue: (fields, record) => fields.int64(record, 'intValue'),
  doubleValue: (fields, record) => fields.double(record, 'doubleValue'),
  bytesValue: (fields, record) => fields.bytes(record, 'bytesValue'),
  arrayValue: readArray,
  kvlistValue: readKeyValueList,
};

const VALUE_KEYS = Object.keys(VALUE_READERS);

function readAnyValue(fields: JsonFields, record: JsonRecord, depth: number): AnyValue {
  const [key, second] = VALUE_KEYS.filter((name) => record[name] !== undefined && record[name] !== null);
  const read = key === undefined ? undefined : VALUE_READERS[key];
  if (key === undefined || read === undefined) return null;
  if (second !== undefined) fields.refuse(second, 'absent, because a value has one member', `there beside ${key}`);
  return read(fields, record, depth);
}

function readArray(fields: JsonFields, record: JsonRecord, depth: number): AnyValue {
  if (isTooDeep(fields, 'arrayValue', depth)) return [];
  return fields.record(record, 'arrayValue', (array) =>
    fields.list(array, 'values', (item) => readAnyValue(fields, item, depth + 1)),
  );
}

function readKeyValueList(fields: JsonFields, record: JsonRecord, depth: number): AnyValue {
  if (isTooDeep(fields, 'kvlistValue', depth)) return { keyValues: [] };
  return fields.record(record, 'kvlistValue', (list) => ({
    keyValues: readKeyValues(fields, list, 'values', depth + 1),
  }));
}

function isTooDeep(fields: JsonFields, key: string, depth: number): boolean {
  if (depth < LIMITS.anyValueDepthMax) return false;
  fields.refuse(key, `nested at most ${LIMITS.anyValueDepthMax} deep`, 'deeper');
  return true;
}
