import {
  LIMITS,
  OTLP_FIELDS,
  ProtobufReader,
  SPAN_ID_BYTES,
  TRACE_ID_BYTES,
  WireType,
  accept,
  refuse,
  type Result,
} from '@tracelab/protocol';
import { checkKeyValue } from './check-attributes.ts';
import { EnvelopeScan } from './envelope-scan.ts';
import { noRejections, type Rejection, type RejectionCounts } from './rejections.ts';
import { SpanBatchBuilder } from './span-batch-builder.ts';
import { packBits, type ResourceEnvelope, type ScopeEnvelope, type SpanBatch } from './span-batch.ts';

export interface ScannedRequest {
  batch: SpanBatch;
  rejections: RejectionCounts;
}

const { tracesData: TRACES, resourceSpans: RESOURCE_SPANS, scopeSpans: SCOPE_SPANS, span: SPAN } = OTLP_FIELDS;

/**
 * Reads an ExportTraceServiceRequest in one pass and builds no span: it notes where each lies and the numbers that
 * decisions need. It refuses what the decoder refuses, so that stored bytes can be read again. Never throws.
 */
export function scanRequest(bytes: Uint8Array): Result<ScannedRequest> {
  const scan = new RequestScan(bytes);
  return scan.run();
}

class RequestScan {
  readonly #reader: ProtobufReader;
  readonly #builder: SpanBatchBuilder;
  readonly #rejections = noRejections();

  constructor(bytes: Uint8Array) {
    this.#reader = new ProtobufReader(bytes);
    this.#builder = new SpanBatchBuilder(bytes);
  }

  run(): Result<ScannedRequest> {
    const reader = this.#reader;
    while (reader.next()) {
      if (reader.field === TRACES.resourceSpans && isMessage(reader)) this.#resourceSpans();
    }
    if (reader.malformed !== undefined) return refuse(`malformed protobuf: ${reader.malformed}`);
    return accept({ batch: this.#builder.finish(), rejections: this.#rejections });
  }

  /** Fields come in any order: the envelope is complete, and known to the rows, when the message ends. */
  #resourceSpans(): void {
    const reader = this.#reader;
    const envelope = new EnvelopeScan(reader.source);
    const resource: ResourceEnvelope = { bytes: new Uint8Array(), serviceName: '' };
    const end = reader.enter();
    while (reader.next()) {
      if (reader.field === RESOURCE_SPANS.scopeSpans && isMessage(reader)) {
        this.#scopeSpans({ resource, bytes: new Uint8Array() });
        continue;
      }
      envelope.addField(reader);
      if (reader.field === RESOURCE_SPANS.resource && isMessage(reader)) envelope.readResource(reader);
    }
    reader.leave(end);
    resource.bytes = envelope.bytes();
    resource.serviceName = envelope.serviceName;
  }

  #scopeSpans(scope: ScopeEnvelope): void {
    const reader = this.#reader;
    const envelope = new EnvelopeScan(reader.source);
    // A scope is listed with its first span: empty ones, two bytes each, must not become objects.
    let index: number | undefined;
    const end = reader.enter();
    while (reader.next()) {
      if (reader.field === SCOPE_SPANS.spans && isMessage(reader)) {
        const span = this.#span();
        if (span !== undefined)
          this.#builder.addSpan(span.row((index ??= this.#builder.addScope(scope))), span.startTime, span.endTime);
        continue;
      }
      envelope.addField(reader);
      if (reader.field === SCOPE_SPANS.scope && isMessage(reader))
        checkAttributesOf(reader, OTLP_FIELDS.scope.attributes);
    }
    reader.leave(end);
    if (index !== undefined) scope.bytes = envelope.bytes();
  }

  /** The span just found; undefined where it is rejected or malformed. */
  #span(): SpanScan | undefined {
    const span = new SpanScan(this.#reader);
    if (this.#reader.malformed !== undefined) return undefined;
    const rejection = span.rejection();
    if (rejection === undefined) return span;
    this.#rejections[rejection]++;
    return undefined;
  }
}

/** One span's walk. */
class SpanScan {
  readonly #source: Uint8Array;
  readonly #start: number;
  readonly #end: number;
  #traceIdAt = 0;
  #traceIdLength = 0;
  #spanIdAt = 0;
  #spanIdLength = 0;
  #parentAt = 0;
  #parentLength = 0;
  #traceStateLength = 0;
  #nameStart = 0;
  #nameEnd = 0;
  #kind = 0;
  #statusCode = 0;
  startTime = 0n;
  endTime = 0n;

  constructor(reader: ProtobufReader) {
    this.#source = reader.source;
    this.#start = reader.valueStart;
    this.#end = reader.valueEnd;
    const end = reader.enter();
    while (reader.next()) {
      if (reader.wireType === WireType.lengthDelimited) this.#readDelimited(reader);
      else if (reader.wireType === WireType.fixed64) this.#readTime(reader);
      else if (reader.field === SPAN.kind && reader.wireType === WireType.varint)
        this.#kind = known(reader.varintNumber, 5);
    }
    reader.leave(end);
  }

  /** The rules of protocol's `validateSpan`, read from the bytes. */
  rejection(): Rejection | undefined {
    if (!isId(this.#source, this.#traceIdAt, { length: this.#traceIdLength, wanted: TRACE_ID_BYTES })) return 'traceId';
    if (!isId(this.#source, this.#spanIdAt, { length: this.#spanIdLength, wanted: SPAN_ID_BYTES })) return 'spanId';
    const parent = { length: this.#parentLength, wanted: SPAN_ID_BYTES };
    if (parent.length !== 0 && !isId(this.#source, this.#parentAt, parent)) return 'parentSpanId';
    if (this.#nameEnd - this.#nameStart > LIMITS.spanNameLengthMax) return 'name';
    if (this.#traceStateLength > LIMITS.tracestateLengthMax) return 'traceState';
    return this.endTime < this.startTime ? 'endBeforeStart' : undefined;
  }

  row(scopeIndex: number): number[] {
    const bits = packBits(this.#kind, this.#statusCode, this.#parentLength > 0);
    return [this.#start, this.#end, this.#traceIdAt, this.#spanIdAt, this.#nameStart, this.#nameEnd, scopeIndex, bits];
  }

  #readTime(reader: ProtobufReader): void {
    if (reader.field === SPAN.startTimeUnixNano) this.startTime = reader.fixed64;
    else if (reader.field === SPAN.endTimeUnixNano) this.endTime = reader.fixed64;
  }

  #readDelimited(reader: ProtobufReader): void {
    const length = reader.valueEnd - reader.valueStart;
    switch (reader.field) {
      case SPAN.traceId:
        this.#traceIdAt = reader.valueStart;
        this.#traceIdLength = length;
        break;
      case SPAN.spanId:
        this.#spanIdAt = reader.valueStart;
        this.#spanIdLength = length;
        break;
      case SPAN.parentSpanId:
        this.#parentAt = reader.valueStart;
        this.#parentLength = length;
        break;
      case SPAN.traceState:
        this.#traceStateLength = length;
        break;
      case SPAN.name:
        this.#nameStart = reader.valueStart;
        this.#nameEnd = reader.valueEnd;
        break;
      default:
        this.#readNested(reader);
    }
  }

  #readNested(reader: ProtobufReader): void {
    if (reader.field === SPAN.attributes) checkKeyValue(reader);
    else if (reader.field === SPAN.events) checkAttributesOf(reader, OTLP_FIELDS.event.attributes);
    else if (reader.field === SPAN.links) checkAttributesOf(reader, OTLP_FIELDS.link.attributes);
    else if (reader.field === SPAN.status) this.#readStatus(reader);
  }

  #readStatus(reader: ProtobufReader): void {
    const end = reader.enter();
    while (reader.next()) {
      if (reader.field === OTLP_FIELDS.status.code && reader.wireType === WireType.varint) {
        this.#statusCode = known(reader.varintNumber, 2);
      }
    }
    reader.leave(end);
  }
}

function checkAttributesOf(reader: ProtobufReader, attributesField: number): void {
  const end = reader.enter();
  while (reader.next()) {
    if (reader.field === attributesField && isMessage(reader)) checkKeyValue(reader);
  }
  reader.leave(end);
}

function isMessage(reader: ProtobufReader): boolean {
  return reader.wireType === WireType.lengthDelimited;
}

/** Enum values that OTLP does not define read as 0, as in the decoder. */
function known(value: number, max: number): number {
  return value <= max ? value : 0;
}

function isId(source: Uint8Array, at: number, size: { length: number; wanted: number }): boolean {
  return size.length === size.wanted && !isZero(source.subarray(at, at + size.length));
}

function isZero(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte !== 0) return false;
  return true;
}
