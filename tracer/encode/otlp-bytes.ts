import { utf8Write } from '@tracelab/protocol';
import type { ClockAnchor } from '../clock/span-clock.ts';
import { nanosAfterAnchor } from '../clock/span-time.ts';
import type { SpanTime } from '../clock/span-time.ts';
import { varintBytes } from './tags.ts';
import type { SpanId } from '../span/span-id.ts';
import type { TraceId } from '../span/trace-id.ts';

/** No UTF-16 unit takes more than three bytes. */
const BYTES_PER_UNIT_MAX = 3;
/** Up to here a loop beats the call into the runtime, which takes 28 ns whatever the length (at 38 units the loop takes 70). */
const LOOP_UNITS_MAX = 10;
/** Up to here a text's length fits one byte, whatever the text is. */
const SHORT_UNITS_MAX = 42;
const HEAD_BYTES_MAX = 12;
const TWO_TO_32 = 2 ** 32;

/**
 * Where spans are written as they end: protobuf fields one behind the other in one growing array, used again for the next
 * batch. Its twin is protocol's ProtobufWriter, for any message; this one knows tags as bytes, ids as words and times as
 * offsets, since it runs for every field of every span. It grows by doubling; whoever writes bounds what is written.
 */
export class OtlpBytes {
  length = 0;
  #bytes: Buffer;
  #view: DataView;

  constructor(bytesInitial: number) {
    this.#bytes = Buffer.allocUnsafeSlow(bytesInitial);
    this.#view = viewOf(this.#bytes);
  }

  /** What it takes of memory, written or not. */
  get capacity(): number {
    return this.#bytes.length;
  }

  /** A view of what was written: valid until the next write. */
  written(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }

  copyFrom(start: number): Uint8Array {
    return Uint8Array.from(this.#bytes.subarray(start, this.length));
  }

  /** Room for so many bytes from `length` on; who fills them moves `length`. */
  claim(byteCount: number): DataView {
    this.#reserve(byteCount);
    return this.#view;
  }

  /** Begins a sub-message; the bytes that its length is expected to take are kept free. */
  open(tag: number, lengthBytes: 1 | 2 = 1): number {
    this.#reserve(HEAD_BYTES_MAX);
    this.#bytes[this.length] = tag;
    const mark = this.length + 1;
    this.length = mark + lengthBytes;
    return mark;
  }

  /** Puts the length in its place; where it takes another number of bytes than was kept free, the body moves. */
  close(mark: number, lengthBytes: 1 | 2 = 1): void {
    const bodyBytes = this.length - mark - lengthBytes;
    if (lengthBytes === 1 && bodyBytes < 0x80) this.#bytes[mark] = bodyBytes;
    else this.#closeLong(mark, lengthBytes, bodyBytes);
  }

  /** Bytes that are encoded already. */
  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  text(tag: number, text: string): void {
    const units = text.length;
    this.#reserve(HEAD_BYTES_MAX + units * BYTES_PER_UNIT_MAX);
    const bytes = this.#bytes;
    const mark = this.length + 1;
    bytes[mark - 1] = tag;
    const end =
      units <= LOOP_UNITS_MAX ? utf8Write(text, bytes, mark + 1) : mark + 1 + bytes.write(text, mark + 1, 'utf8');
    this.length = end;
    if (units <= SHORT_UNITS_MAX) bytes[mark] = end - mark - 1;
    else this.close(mark);
  }

  /** A non-negative number below 2^32. */
  varint(tag: number, value: number): void {
    this.#reserve(HEAD_BYTES_MAX);
    this.#bytes[this.length] = tag;
    this.length = putVarint(this.#bytes, this.length + 1, value);
  }

  /** An int64 that a double holds exactly: two's complement, ten bytes where negative. */
  int64(tag: number, value: number): void {
    if (value >= 0 && value < TWO_TO_32) this.varint(tag, value);
    else this.#wideVarint(tag, BigInt.asUintN(64, BigInt(value)));
  }

  double(tag: number, value: number): void {
    this.#reserve(HEAD_BYTES_MAX);
    this.#bytes[this.length] = tag;
    this.#view.setFloat64(this.length + 1, value, true);
    this.length += 9;
  }

  fixed32(tag: number, value: number): void {
    const view = this.claim(5);
    view.setUint8(this.length, tag);
    view.setUint32(this.length + 1, value, true);
    this.length += 5;
  }

  time(tag: number, time: SpanTime, anchor: ClockAnchor): void {
    const view = this.claim(9);
    view.setUint8(this.length, tag);
    writeTime(view, this.length + 1, time, anchor);
    this.length += 9;
  }

  spanId(tag: number, id: SpanId): void {
    this.#reserve(HEAD_BYTES_MAX);
    const at = this.length;
    this.#bytes[at] = tag;
    this.#bytes[at + 1] = 8;
    id.writeTo(this.#view, at + 2);
    this.length = at + 10;
  }

  traceId(tag: number, id: TraceId): void {
    this.#reserve(HEAD_BYTES_MAX + 16);
    const at = this.length;
    this.#bytes[at] = tag;
    this.#bytes[at + 1] = 16;
    id.writeTo(this.#view, at + 2);
    this.length = at + 18;
  }

  #wideVarint(tag: number, value: bigint): void {
    this.#reserve(HEAD_BYTES_MAX);
    this.#bytes[this.length++] = tag;
    let left = value;
    while (left > 0x7fn) {
      this.#bytes[this.length++] = Number(left & 0x7fn) | 0x80;
      left >>= 7n;
    }
    this.#bytes[this.length++] = Number(left);
  }

  #closeLong(mark: number, lengthBytes: number, bodyBytes: number): void {
    const lengthBytesNeeded = varintBytes(bodyBytes);
    if (lengthBytesNeeded !== lengthBytes) {
      this.#reserve(lengthBytesNeeded);
      this.#bytes.copyWithin(mark + lengthBytesNeeded, mark + lengthBytes, this.length);
      this.length += lengthBytesNeeded - lengthBytes;
    }
    putVarint(this.#bytes, mark, bodyBytes);
  }

  #reserve(byteCount: number): void {
    if (this.length + byteCount > this.#bytes.length) this.#grow(this.length + byteCount);
  }

  #grow(bytesNeeded: number): void {
    const grown = Buffer.allocUnsafeSlow(Math.max(bytesNeeded, this.#bytes.length * 2));
    this.#bytes.copy(grown, 0, 0, this.length);
    this.#bytes = grown;
    this.#view = viewOf(grown);
  }
}

/** Returns the offset behind it. */
function putVarint(bytes: Buffer, offset: number, value: number): number {
  let at = offset;
  let left = value;
  while (left > 0x7f) {
    bytes[at++] = (left & 0x7f) | 0x80;
    left >>>= 7;
  }
  bytes[at++] = left;
  return at;
}

/** Unix nanoseconds as fixed64, added in halves: a bigint for each time would cost more than the rest of the span. */
export function writeTime(view: DataView, at: number, time: SpanTime, anchor: ClockAnchor): void {
  if (typeof time === 'bigint') {
    view.setBigUint64(at, time, true);
    return;
  }
  const nanos = nanosAfterAnchor(time);
  const nanosHigh = Math.floor(nanos / TWO_TO_32);
  const low = anchor.low + (nanos - nanosHigh * TWO_TO_32);
  const carry = low >= TWO_TO_32 ? 1 : 0;
  view.setUint32(at, low - carry * TWO_TO_32, true);
  view.setUint32(at + 4, anchor.high + nanosHigh + carry, true);
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
