import { isLowerHex, SPAN_ID_BYTES, SPAN_ID_INVALID, TRACE_ID_BYTES } from '../ids.ts';
import type { JsonRecord } from '../json-record.ts';
import { LIMITS } from '../limits.ts';
import { emptyEvent, emptyResourceSpans, emptyScopeSpans, emptySpan } from '../otlp/empty.ts';
import { JsonFields } from '../otlp/json-fields.ts';
import { SpanKind, StatusCode } from '../otlp/trace.ts';
import type { AnyValue, KeyValue, ResourceSpans, Span, SpanEvent, SpanStatus, TracesData } from '../otlp/trace.ts';
import { accept, refuse } from '../result.ts';
import type { Result } from '../result.ts';
import { readMicroseconds } from './microseconds.ts';

/**
 * Reads the parsed body of Zipkin's `POST /api/v2/spans` (zipkin2-api.yaml) as OTLP, by the reverse of OpenTelemetry's "OpenTelemetry to
 * Zipkin Transformation". Never throws; judges the form only: spans with bad ids come out with ids that validation rejects. Unknown
 * fields are ignored. A refusal names the path of the field.
 */
export function tracesDataFromZipkin(value: unknown): Result<TracesData> {
  if (!Array.isArray(value)) return refuse('the document should be a list of spans');
  const fields = new JsonFields();
  const byService = new Map<string, ResourceSpans>();
  fields.list(
    { spans: value },
    'spans',
    (record) => {
      const local = readEndpoint(fields, record, 'localEndpoint');
      resourceOf(byService, local.serviceName).scopeSpans[0]?.spans.push(readSpan(fields, record, local));
    },
    LIMITS.spanObjects,
  );
  return fields.refusal === undefined ? accept({ resourceSpans: [...byService.values()] }) : refuse(fields.refusal);
}

function resourceOf(byService: Map<string, ResourceSpans>, service: string): ResourceSpans {
  let resourceSpans = byService.get(service);
  if (resourceSpans === undefined) {
    resourceSpans = { ...emptyResourceSpans(), scopeSpans: [emptyScopeSpans()] };
    if (service !== '') resourceSpans.resource.attributes.push({ key: 'service.name', value: service });
    byService.set(service, resourceSpans);
  }
  return resourceSpans;
}

interface Endpoint {
  serviceName: string;
  /** One of its addresses, the older kind first, as OpenTelemetry's Collector does. */
  address: string;
  /** 0: unknown. */
  port: number;
}

function readEndpoint(fields: JsonFields, span: JsonRecord, key: string): Endpoint {
  return fields.record(span, key, (record) => {
    const [ipv4, ipv6] = [fields.text(record, 'ipv4'), fields.text(record, 'ipv6')];
    return {
      serviceName: fields.text(record, 'serviceName'),
      address: ipv4 === '' ? ipv6 : ipv4,
      port: fields.uint32(record, 'port'),
    };
  });
}

function readSpan(fields: JsonFields, record: JsonRecord, local: Endpoint): Span {
  const tags = new Map(fields.textMap(record, 'tags'));
  const startTimeUnixNano = readMicroseconds(fields, record, 'timestamp');
  return {
    ...emptySpan(),
    traceId: readId(fields.text(record, 'traceId'), TRACE_ID_BYTES),
    ...readSpanIds(fields, record),
    name: fields.text(record, 'name'),
    kind: readKind(fields, record),
    startTimeUnixNano,
    endTimeUnixNano: startTimeUnixNano + readMicroseconds(fields, record, 'duration'),
    status: takeStatus(tags),
    events: fields.list(record, 'annotations', (annotation) => readAnnotation(fields, annotation)),
    attributes: attributesOf(tags, {
      'network.local.address': local.address,
      'network.local.port': local.port,
      ...remoteAttributes(readEndpoint(fields, record, 'remoteEndpoint')),
      // As the Collector says it: OTLP has no absent start.
      'otel.zipkin.absentField.startTime': startTimeUnixNano === 0n,
      'zipkin.debug': fields.bool(record, 'debug'),
      'zipkin.shared': fields.bool(record, 'shared'),
    }),
  };
}

/** What has one wrong digit, or too many, becomes an id of one byte: the span's own validation rejects it. */
const ID_MALFORMED = '00';

/** Hex of either case; shorter ids are padded on the left, so that ids of 64 bits stay the same trace everywhere. Empty where absent. */
function readId(text: string, byteCount: number): string {
  const digits = text.toLowerCase();
  if (digits === '') return '';
  return digits.length <= byteCount * 2 && isLowerHex(digits) ? digits.padStart(byteCount * 2, '0') : ID_MALFORMED;
}

/**
 * In Zipkin a client and its server may be two spans with one id, the server's marked as shared. In OTLP the second would be a repetition
 * of the first. So the server's half gets an id of its own, the same whenever it is sent, and becomes the client's child.
 */
function readSpanIds(fields: JsonFields, record: JsonRecord): Pick<Span, 'spanId' | 'parentSpanId'> {
  const id = readId(fields.text(record, 'id'), SPAN_ID_BYTES);
  if (fields.bool(record, 'shared') && id !== ID_MALFORMED) return { spanId: complementOf(id), parentSpanId: id };
  const parentId = readId(fields.text(record, 'parentId'), SPAN_ID_BYTES);
  return { spanId: id, parentSpanId: parentId === id || parentId === SPAN_ID_INVALID ? '' : parentId };
}

/** Every bit the other way round. */
function complementOf(id: string): string {
  return Array.from(id, (digit) => (15 - Number.parseInt(digit, 16)).toString(16)).join('');
}

const KINDS: ReadonlyMap<string, SpanKind> = new Map([
  ['', SpanKind.internal],
  ['CLIENT', SpanKind.client],
  ['SERVER', SpanKind.server],
  ['PRODUCER', SpanKind.producer],
  ['CONSUMER', SpanKind.consumer],
]);

function readKind(fields: JsonFields, record: JsonRecord): SpanKind {
  const name = fields.text(record, 'kind');
  const kind = KINDS.get(name);
  if (kind === undefined) fields.refuse('kind', 'CLIENT, SERVER, PRODUCER, CONSUMER or absent', JSON.stringify(name));
  return kind ?? SpanKind.unspecified;
}

const STATUS_CODES: ReadonlyMap<string, StatusCode> = new Map([
  ['OK', StatusCode.ok],
  ['ERROR', StatusCode.error],
]);

/**
 * In Zipkin a span failed where it has a tag `error`, whose text may say why; OpenTelemetry's exporters add `otel.status_code`. What
 * became the status is no attribute any more.
 */
function takeStatus(tags: Map<string, string>): SpanStatus {
  const named = STATUS_CODES.get(tags.get('otel.status_code')?.toUpperCase() ?? '');
  if (named !== undefined) tags.delete('otel.status_code');
  const error = tags.get('error');
  if (error === undefined || error === 'false') return { code: named ?? StatusCode.unset, message: '' };
  tags.delete('error');
  return { code: StatusCode.error, message: error === 'true' ? '' : error };
}

function readAnnotation(fields: JsonFields, record: JsonRecord): SpanEvent {
  const timeUnixNano = readMicroseconds(fields, record, 'timestamp');
  return { ...emptyEvent(), timeUnixNano, name: fields.text(record, 'value') };
}

function remoteAttributes({ serviceName, address, port }: Endpoint): Readonly<Record<string, string | number>> {
  return { 'peer.service': serviceName, 'network.peer.address': address, 'network.peer.port': port };
}

/** Tags come first and win; empty text, 0 and false say nothing. */
function attributesOf(
  tags: ReadonlyMap<string, string>,
  others: Readonly<Record<string, string | number | boolean>>,
): KeyValue[] {
  const attributes = Array.from(tags, ([key, value]): KeyValue => ({ key, value }));
  for (const [key, value] of Object.entries(others)) {
    const said: AnyValue = typeof value === 'number' ? BigInt(value) : value;
    if (value !== '' && value !== 0 && value !== false && !tags.has(key)) attributes.push({ key, value: said });
  }
  return attributes;
}
