import { UTF8_BYTES_PER_UNIT_MAX, utf8Write } from '../text/utf8.ts';
import { WireType } from './wire-type.ts';

const TAG_BYTES_MAX = 5;
const VARINT_BYTES_MAX = 10;
const TWO_TO_32 = 4_294_967_296;

/**
 * Writes protobuf fields one behind the other into one growing array, which `reset` keeps for the next message. It grows
 * by doubling and knows no limit: whoever writes bounds what is written. Zero values are written too: proto3 callers leave them out.
 */
export class ProtobufWriter {
  #bytes: Uint8Array;
  #view: DataView;
  #length = 0;

  constructor(bytesInitial = 1024) {
    this.#bytes = new Uint8Array(Math.max(16, bytesInitial));
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** Bytes written since the last reset. */
  get length(): number {
    return this.#length;
  }

  reset(): void {
    this.#length = 0;
  }

  /** A copy of what was written; the writer may go on. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  /** What was written, as a view that the next reset takes back. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** uint32, uint64, int32, int64, bool and enums: negative values are written as 64-bit two's complement. */
  varint(field: number, value: number | bigint): void {
    this.#reserve(TAG_BYTES_MAX + VARINT_BYTES_MAX);
    this.#putVarint32(tag(field, WireType.varint));
    if (typeof value === 'number' && value >= 0 && value < TWO_TO_32) this.#putVarint32(value);
    else this.#putVarint64(BigInt(value));
  }

  /** Wraps at 64 bits. */
  fixed64(field: number, value: bigint): void {
    this.#reserve(TAG_BYTES_MAX + 8);
    this.#putVarint32(tag(field, WireType.fixed64));
    this.#view.setUint32(this.#length, Number(BigInt.asUintN(32, value)), true);
    this.#view.setUint32(this.#length + 4, Number(BigInt.asUintN(32, value >> 32n)), true);
    this.#length += 8;
  }

  fixed32(field: number, value: number): void {
    this.#reserve(TAG_BYTES_MAX + 4);
    this.#putVarint32(tag(field, WireType.fixed32));
    this.#view.setUint32(this.#length, value, true);
    this.#length += 4;
  }

  double(field: number, value: number): void {
    this.#reserve(TAG_BYTES_MAX + 8);
    this.#putVarint32(tag(field, WireType.fixed64));
    this.#view.setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  string(field: number, text: string): void {
    this.#reserve(TAG_BYTES_MAX + VARINT_BYTES_MAX + text.length * UTF8_BYTES_PER_UNIT_MAX);
    const mark = this.#putLengthLater(field);
    this.#length = utf8Write(text, this.#bytes, mark + 1);
    this.close(mark);
  }

  bytes(field: number, value: Uint8Array): void {
    this.#reserve(TAG_BYTES_MAX + VARINT_BYTES_MAX + value.length);
    this.#putVarint32(tag(field, WireType.lengthDelimited));
    this.#putVarint32(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  /** Of a part of an array, without an object for it: for short parts. */
  bytesOf(field: number, source: Uint8Array, start: number, end: number): void {
    this.#reserve(TAG_BYTES_MAX + VARINT_BYTES_MAX + end - start);
    this.#putVarint32(tag(field, WireType.lengthDelimited));
    this.#putVarint32(end - start);
    for (let at = start; at < end; at++) this.#bytes[this.#length++] = source[at] ?? 0;
  }

  /** Hex digits as the bytes they stand for, without an array in between. The caller has checked them; half a byte is cut off. */
  hex(field: number, digits: string): void {
    const byteCount = digits.length >> 1;
    this.#reserve(TAG_BYTES_MAX + VARINT_BYTES_MAX + byteCount);
    this.#putVarint32(tag(field, WireType.lengthDelimited));
    this.#putVarint32(byteCount);
    for (let index = 0; index < byteCount; index++) {
      const high = nibble(digits.charCodeAt(index * 2));
      this.#bytes[this.#length++] = (high << 4) | nibble(digits.charCodeAt(index * 2 + 1));
    }
  }

  /** A sub-message: whatever `body` writes. */
  message(field: number, body: () => void): void {
    const mark = this.open(field);
    body();
    this.close(mark);
  }

  /** The same without a closure, for hot paths: `const mark = open(field)`, write the fields, `close(mark)`. */
  open(field: number): number {
    this.#reserve(TAG_BYTES_MAX + VARINT_BYTES_MAX);
    return this.#putLengthLater(field);
  }

  /** Puts the length in its place. One byte was reserved; a longer length moves the body, which is rare for spans' parts. */
  close(mark: number): void {
    const bodyBytes = this.#length - mark - 1;
    if (bodyBytes < 0x80) {
      this.#bytes[mark] = bodyBytes;
      return;
    }
    const extra = varintBytes(bodyBytes) - 1;
    this.#reserve(extra);
    this.#bytes.copyWithin(mark + 1 + extra, mark + 1, this.#length);
    this.#length = mark;
    this.#putVarint32(bodyBytes);
    this.#length += bodyBytes;
  }

  /** Bytes that are complete fields already, such as a message of another writer. */
  raw(fields: Uint8Array): void {
    this.#reserve(fields.length);
    this.#bytes.set(fields, this.#length);
    this.#length += fields.length;
  }

  #putLengthLater(field: number): number {
    this.#putVarint32(tag(field, WireType.lengthDelimited));
    return this.#length++;
  }

  #putVarint32(value: number): void {
    let left = value;
    while (left > 0x7f) {
      this.#bytes[this.#length++] = (left & 0x7f) | 0x80;
      left >>>= 7;
    }
    this.#bytes[this.#length++] = left;
  }

  #putVarint64(value: bigint): void {
    let left = BigInt.asUintN(64, value);
    while (left > 0x7fn) {
      this.#bytes[this.#length++] = Number(left & 0x7fn) | 0x80;
      left >>= 7n;
    }
    this.#bytes[this.#length++] = Number(left);
  }

  #reserve(byteCount: number): void {
    const needed = this.#length + byteCount;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}

function tag(field: number, wireType: WireType): number {
  return ((field << 3) | wireType) >>> 0;
}

function nibble(code: number): number {
  return code <= 0x39 ? code - 0x30 : (code | 0x20) - 0x57;
}

function varintBytes(value: number): number {
  return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x20_0000 ? 3 : value < 0x1000_0000 ? 4 : 5;
}
