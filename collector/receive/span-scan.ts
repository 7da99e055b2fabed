import {
  LIMITS,
  OTLP_FIELDS,
  SPAN_ID_BYTES,
  TRACE_ID_BYTES,
  UTF8_BYTES_PER_UNIT_MAX,
  WireType,
  utf8Decode,
  type ProtobufReader,
} from '@tracelab/protocol';
import { checkAttributesOf, checkKeyValue } from './check-attributes.ts';
import type { Rejection } from './rejections.ts';
import { Column, idWordAt, packTraits } from './span-batch.ts';

const SPAN = OTLP_FIELDS.span;

/** The walk over one span after the other: a single object, since a request has thousands of them. */
export class SpanScan {
  readonly #reader: ProtobufReader;
  readonly #source: Uint8Array;
  #start = 0;
  #end = 0;
  #traceIdAt = 0;
  #traceIdLength = 0;
  #spanIdAt = 0;
  #spanIdLength = 0;
  #parentAt = 0;
  #parentLength = 0;
  #traceStateStart = 0;
  #traceStateEnd = 0;
  #nameStart = 0;
  #nameEnd = 0;
  #kind = 0;
  #statusCode = 0;
  #startHigh = 0;
  #startLow = 0;
  #endHigh = 0;
  #endLow = 0;

  constructor(reader: ProtobufReader) {
    this.#reader = reader;
    this.#source = reader.source;
  }

  /** The span that the reader just found. */
  read(): void {
    this.#forget();
    const reader = this.#reader;
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
    if (!this.#isId(this.#traceIdAt, { length: this.#traceIdLength, wanted: TRACE_ID_BYTES })) return 'traceId';
    if (!this.#isId(this.#spanIdAt, { length: this.#spanIdLength, wanted: SPAN_ID_BYTES })) return 'spanId';
    if (!this.#isParentValid()) return 'parentSpanId';
    if (this.#isLonger(this.#nameStart, this.#nameEnd, LIMITS.spanNameLengthMax)) return 'name';
    if (this.#isLonger(this.#traceStateStart, this.#traceStateEnd, LIMITS.tracestateLengthMax)) return 'traceState';
    return this.#endsBeforeStart() ? 'endBeforeStart' : undefined;
  }

  /** All but the columns that the span does not know: scope, and next, which is the sampler's. */
  writeRow(numbers: Uint32Array, at: number): void {
    numbers[at + Column.spanStart] = this.#start;
    numbers[at + Column.spanEnd] = this.#end;
    numbers[at + Column.traceIdAt] = this.#traceIdAt;
    numbers[at + Column.nameStart] = this.#nameStart;
    numbers[at + Column.spanIdHigh] = idWordAt(this.#source, this.#spanIdAt);
    numbers[at + Column.spanIdLow] = idWordAt(this.#source, this.#spanIdAt + 4);
    const hasParent = this.#parentLength > 0;
    numbers[at + Column.parentSpanIdHigh] = hasParent ? idWordAt(this.#source, this.#parentAt) : 0;
    numbers[at + Column.parentSpanIdLow] = hasParent ? idWordAt(this.#source, this.#parentAt + 4) : 0;
    numbers[at + Column.startHigh] = this.#startHigh;
    numbers[at + Column.startLow] = this.#startLow;
    numbers[at + Column.endHigh] = this.#endHigh;
    numbers[at + Column.endLow] = this.#endLow;
    numbers[at + Column.traits] = packTraits({
      kind: this.#kind,
      hasTraceState: this.#traceStateEnd > this.#traceStateStart,
      statusCode: this.#statusCode,
      nameLength: this.#nameEnd - this.#nameStart,
    });
  }

  #forget(): void {
    this.#traceIdLength = this.#spanIdLength = this.#parentLength = 0;
    this.#nameStart = this.#nameEnd = this.#traceStateStart = this.#traceStateEnd = 0;
    this.#kind = this.#statusCode = 0;
    this.#startHigh = this.#startLow = this.#endHigh = this.#endLow = 0;
  }

  #isId(at: number, { length, wanted }: { length: number; wanted: number }): boolean {
    return length === wanted && !isZero(this.#source, at, length);
  }

  /** Absent, or an id. */
  #isParentValid(): boolean {
    const length = this.#parentLength;
    return length === 0 || this.#isId(this.#parentAt, { length, wanted: SPAN_ID_BYTES });
  }

  /** In characters, which are counted only where the number of bytes does not tell. */
  #isLonger(start: number, end: number, lengthMax: number): boolean {
    const bytes = end - start;
    if (bytes <= lengthMax) return false;
    if (bytes > lengthMax * UTF8_BYTES_PER_UNIT_MAX) return true;
    return utf8Decode(this.#source, start, end).length > lengthMax;
  }

  #endsBeforeStart(): boolean {
    if (this.#endHigh !== this.#startHigh) return this.#endHigh < this.#startHigh;
    return this.#endLow < this.#startLow;
  }

  #readTime(reader: ProtobufReader): void {
    if (reader.field === SPAN.startTimeUnixNano) {
      this.#startHigh = reader.fixed64High;
      this.#startLow = reader.fixed64Low;
    } else if (reader.field === SPAN.endTimeUnixNano) {
      this.#endHigh = reader.fixed64High;
      this.#endLow = reader.fixed64Low;
    }
  }

  #readDelimited(reader: ProtobufReader): void {
    const length = reader.valueEnd - reader.valueStart;
    switch (reader.field) {
      // First, since most of a span are its attributes.
      case SPAN.attributes:
        checkKeyValue(reader);
        break;
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
        this.#traceStateStart = reader.valueStart;
        this.#traceStateEnd = reader.valueEnd;
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
    if (reader.field === SPAN.events) checkAttributesOf(reader, OTLP_FIELDS.event.attributes);
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

/** Enum values that OTLP does not define read as 0, as in the decoder. */
function known(value: number, max: number): number {
  return value <= max ? value : 0;
}

function isZero(bytes: Uint8Array, at: number, length: number): boolean {
  for (let index = at; index < at + length; index++) if (bytes[index] !== 0) return false;
  return true;
}
