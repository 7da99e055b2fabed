import { flattenTracesData, type TraceSpan } from '@tracelab/model';
import {
  SpanKind,
  StatusCode,
  type AnyValue,
  type KeyValue,
  type SpanEvent,
  type SpanLink,
  type TracesData,
} from '@tracelab/protocol';

/** Jaeger's v1 JSON. Times are whole microseconds: what is smaller is rounded away here and nowhere else. */
export interface JaegerTrace {
  traceID: string;
  spans: JaegerSpan[];
  processes: Record<string, JaegerProcess>;
  warnings: null;
}

interface JaegerSpan {
  traceID: string;
  spanID: string;
  operationName: string;
  references: JaegerReference[];
  startTime: number;
  duration: number;
  tags: JaegerTag[];
  logs: { timestamp: number; fields: JaegerTag[] }[];
  processID: string;
  warnings: null;
  flags: number;
}

interface JaegerProcess {
  serviceName: string;
  tags: JaegerTag[];
}

interface JaegerReference {
  refType: 'CHILD_OF' | 'FOLLOWS_FROM';
  traceID: string;
  spanID: string;
}

interface JaegerTag {
  key: string;
  type: 'string' | 'bool' | 'int64' | 'float64' | 'binary';
  value: string | boolean | number;
}

export function toJaegerTrace(traceId: string, data: TracesData): JaegerTrace {
  const processes: Record<string, JaegerProcess> = {};
  const idByProcess = new Map<string, string>();
  const spans = flattenTracesData(data).map((span) => {
    const process = {
      serviceName: span.serviceName,
      tags: toTags(span.resource.attributes.filter(({ key }) => key !== 'service.name')),
    };
    const key = JSON.stringify(process);
    const processId = idByProcess.get(key) ?? `p${idByProcess.size + 1}`;
    idByProcess.set(key, processId);
    processes[processId] = process;
    return toJaegerSpan(span, processId);
  });
  return { traceID: traceId, spans, processes, warnings: null };
}

function toJaegerSpan(span: TraceSpan, processID: string): JaegerSpan {
  return {
    traceID: span.traceId,
    spanID: span.spanId,
    operationName: span.name,
    references: referencesOf(span),
    startTime: toMicroseconds(span.startTimeUnixNano),
    duration: toMicroseconds(span.endTimeUnixNano - span.startTimeUnixNano),
    tags: [...toTags(span.attributes), ...tagsOfFields(span)],
    logs: span.events.map(toLog),
    processID,
    warnings: null,
    flags: span.flags & 0xff,
  };
}

function referencesOf(span: TraceSpan): JaegerReference[] {
  const parent: JaegerReference[] =
    span.parentSpanId === '' ? [] : [{ refType: 'CHILD_OF', traceID: span.traceId, spanID: span.parentSpanId }];
  const links = span.links.map((link: SpanLink): JaegerReference => ({
    refType: 'FOLLOWS_FROM',
    traceID: link.traceId,
    spanID: link.spanId,
  }));
  return [...parent, ...links];
}

const KIND_NAMES = new Map<number, string>(Object.entries(SpanKind).map(([name, kind]) => [kind, name]));

/** What OpenTelemetry has as fields and Jaeger as tags. */
function tagsOfFields({ kind, status, scope, traceState }: TraceSpan): JaegerTag[] {
  const tags: JaegerTag[] = [];
  const add = (key: string, value: string): void => {
    if (value !== '') tags.push({ key, type: 'string', value });
  };
  add('otel.scope.name', scope.name);
  add('otel.scope.version', scope.version);
  if (kind !== SpanKind.unspecified) add('span.kind', KIND_NAMES.get(kind) ?? '');
  if (status.code === StatusCode.ok) add('otel.status_code', 'OK');
  if (status.code === StatusCode.error) {
    tags.push({ key: 'error', type: 'bool', value: true });
    add('otel.status_code', 'ERROR');
  }
  add('otel.status_description', status.message);
  add('w3c.tracestate', traceState);
  return tags;
}

function toLog(event: SpanEvent): { timestamp: number; fields: JaegerTag[] } {
  const name: JaegerTag = { key: 'event', type: 'string', value: event.name };
  return { timestamp: toMicroseconds(event.timeUnixNano), fields: [name, ...toTags(event.attributes)] };
}

function toTags(attributes: readonly KeyValue[]): JaegerTag[] {
  return attributes.map(({ key, value }) => toTag(key, value));
}

function toTag(key: string, value: AnyValue): JaegerTag {
  if (typeof value === 'string') return { key, type: 'string', value };
  if (typeof value === 'boolean') return { key, type: 'bool', value };
  if (typeof value === 'number')
    return Number.isFinite(value) ? { key, type: 'float64', value } : { key, type: 'string', value: String(value) };
  if (typeof value === 'bigint') return toIntegerTag(key, value);
  if (value instanceof Uint8Array) return { key, type: 'binary', value: Buffer.from(value).toString('base64') };
  return { key, type: 'string', value: JSON.stringify(toPlain(value)) };
}

/** JSON has no 64-bit integers: what a double cannot hold is given as text. */
function toIntegerTag(key: string, value: bigint): JaegerTag {
  const number = Number(value);
  return Number.isSafeInteger(number)
    ? { key, type: 'int64', value: number }
    : { key, type: 'int64', value: value.toString() };
}

function toPlain(value: AnyValue): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(toPlain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(value.keyValues.map((entry) => [entry.key, toPlain(entry.value)]));
}

function toMicroseconds(nano: bigint): number {
  return Number(nano / 1000n);
}
