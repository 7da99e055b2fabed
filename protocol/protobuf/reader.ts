import { LIMITS } from '../limits.ts';
import { utf8Decode } from '../text/utf8.ts';
import { WireType } from './wire-type.ts';

/**
 * Walks the fields of a protobuf message without building objects, and never throws: `next` answers false at the end and
 * when the bytes are malformed, which `malformed` then explains. Nested messages are walked by the same reader, so that one
 * broken byte anywhere ends every loop:
 *
 *     while (reader.next()) {
 *       if (reader.field !== 2 || reader.wireType !== WireType.lengthDelimited) continue;   // skipped
 *       const end = reader.enter();
 *       while (reader.next()) …
 *       reader.leave(end);
 *     }
 */
export class ProtobufReader {
  readonly source: Uint8Array;
  /** Number and wire type of the field that `next` found. */
  field = 0;
  wireType = 0;
  /** Where the value lies; the field's tag begins at `fieldStart`. */
  fieldStart = 0;
  valueStart = 0;
  valueEnd = 0;
  /** Why reading stopped before the end; undefined while all is well. */
  malformed: string | undefined;
  /** Objects that may still be built; a decoder that builds some sets it and spends it, a scan needs none. */
  objectsLeft = Number.POSITIVE_INFINITY;
  #view: DataView | undefined;
  #position: number;
  #end: number;
  #low = 0;
  #high = 0;

  constructor(source: Uint8Array, start = 0, end = source.length) {
    this.source = source;
    this.#position = start;
    this.#end = end;
  }

  /** Goes to the next field; the whole value is known to be there. Groups are skipped. */
  next(): boolean {
    if (this.#isShortDelimited()) return true;
    while (this.malformed === undefined && this.#position < this.#end) {
      if (!this.#readField()) return false;
      if (this.wireType !== WireType.groupStart) return true;
      this.#skipGroup();
    }
    return false;
  }

  /** Most fields are texts and messages of fewer than 128 bytes with a number below 16: a byte of tag, a byte of length. Else nothing has changed. */
  #isShortDelimited(): boolean {
    const at = this.#position;
    if (at + 1 >= this.#end) return false;
    const tag = this.source[at] as number;
    const length = this.source[at + 1] as number;
    if ((tag & 0x87) !== WireType.lengthDelimited || tag < 8 || length > 0x7f || at + 2 + length > this.#end)
      return false;
    if (this.malformed !== undefined) return false;
    this.field = tag >>> 3;
    this.wireType = WireType.lengthDelimited;
    this.fieldStart = at;
    this.valueStart = at + 2;
    this.valueEnd = this.#position = at + 2 + length;
    return true;
  }

  /** Narrows the walk to the length-delimited value just found; returns what `leave` needs to go on behind it. */
  enter(): number {
    const end = this.#end;
    this.#position = this.valueStart;
    this.#end = this.valueEnd;
    return end;
  }

  leave(end: number): void {
    this.#position = this.#end;
    this.#end = end;
  }

  /** Ends the walk from outside: what was found is not acceptable. The first reason stays. */
  fail(reason: string): false {
    this.malformed ??= `${reason} (at byte ${this.fieldStart})`;
    return false;
  }

  /** To be asked before objects are built for the field just found; false, and the walk ends, where there are too many. */
  spendObjects(count: number): boolean {
    this.objectsLeft -= count;
    return this.objectsLeft >= 0 || this.fail('too many parts in one request');
  }

  /** The value of a varint field, unsigned, cut to 64 bits. */
  get varint(): bigint {
    return this.#high === 0 ? BigInt(this.#low) : (BigInt(this.#high) << 32n) | BigInt(this.#low);
  }

  /** The low 32 bits of a varint field, unsigned: for uint32, enums and lengths. */
  get varintNumber(): number {
    return this.#low;
  }

  /** int64: the value of a varint field as two's complement. */
  get varintSigned(): bigint {
    return BigInt.asIntN(64, this.varint);
  }

  get isTrue(): boolean {
    return this.#low !== 0 || this.#high !== 0;
  }

  get fixed64(): bigint {
    return (BigInt(this.fixed64High) << 32n) | BigInt(this.fixed64Low);
  }

  get fixed64High(): number {
    return this.#values().getUint32(this.valueStart + 4, true);
  }

  get fixed64Low(): number {
    return this.#values().getUint32(this.valueStart, true);
  }

  get fixed32(): number {
    return this.#values().getUint32(this.valueStart, true);
  }

  get double(): number {
    return this.#values().getFloat64(this.valueStart, true);
  }

  /** A length-delimited value as text; broken UTF-8 becomes U+FFFD. */
  get text(): string {
    return utf8Decode(this.source, this.valueStart, this.valueEnd);
  }

  /** A length-delimited value as a view of the source, not a copy. */
  get bytes(): Uint8Array {
    return this.source.subarray(this.valueStart, this.valueEnd);
  }

  #values(): DataView {
    this.#view ??= new DataView(this.source.buffer, this.source.byteOffset, this.source.byteLength);
    return this.#view;
  }

  #readField(): boolean {
    this.fieldStart = this.#position;
    if (!this.#readVarint()) return false;
    this.field = this.#low >>> 3;
    this.wireType = this.#low & 7;
    if (this.#high !== 0) return this.fail('a field number is over 536870911');
    if (this.field === 0) return this.fail('a field has number 0');
    this.valueStart = this.#position;
    return this.#readValue();
  }

  #readValue(): boolean {
    switch (this.wireType) {
      case WireType.varint:
        if (!this.#readVarint()) return false;
        this.valueEnd = this.#position;
        return true;
      case WireType.fixed64:
        return this.#take(8);
      case WireType.fixed32:
        return this.#take(4);
      case WireType.lengthDelimited:
        return this.#takeDelimited();
      case WireType.groupStart:
        this.valueEnd = this.#position;
        return true;
      case WireType.groupEnd:
        return this.fail(`a group of field ${this.field} ends that did not begin`);
      default:
        return this.fail(`field ${this.field} has wire type ${this.wireType}, which does not exist`);
    }
  }

  #takeDelimited(): boolean {
    if (!this.#readVarint()) return false;
    this.valueStart = this.#position;
    // A length over 32 bits is longer than any array, whatever its low bits say.
    return this.#take(this.#high === 0 ? this.#low : Number.MAX_SAFE_INTEGER);
  }

  #take(byteCount: number): boolean {
    const left = this.#end - this.#position;
    if (byteCount > left) {
      return this.fail(`truncated: field ${this.field} needs ${byteCount} bytes, ${left} are left`);
    }
    this.#position += byteCount;
    this.valueEnd = this.#position;
    return true;
  }

  /** At most ten bytes; bits beyond the 64th are dropped, as protobuf's own parsers do. */
  #readVarint(): boolean {
    const first = this.#position < this.#end ? (this.source[this.#position] ?? 0) : 0x80;
    this.#high = 0;
    if (first < 0x80) {
      this.#low = first;
      this.#position++;
      return true;
    }
    return this.#readLongVarint();
  }

  #readLongVarint(): boolean {
    let low = 0;
    let high = 0;
    for (let index = 0; index < 10; index++) {
      if (this.#position >= this.#end) return this.fail('truncated: a varint does not end');
      const byte = this.source[this.#position++] ?? 0;
      const bits = byte & 0x7f;
      if (index < 5) low |= bits << (7 * index);
      if (index === 4) high = bits >> 4;
      else if (index > 4) high |= bits << (7 * index - 32);
      if (byte < 0x80) {
        this.#low = low >>> 0;
        this.#high = high >>> 0;
        return true;
      }
    }
    return this.fail('a varint is longer than 10 bytes');
  }

  /** Iterative, with a bound, so that nested groups can exhaust neither stack nor memory. */
  #skipGroup(): void {
    const open = [this.field];
    while (open.length > 0) {
      if (this.#position >= this.#end) {
        this.fail(`truncated: the group of field ${open[0]} does not end`);
        return;
      }
      if (!this.#skipGroupField(open)) return;
    }
  }

  #skipGroupField(open: number[]): boolean {
    this.fieldStart = this.#position;
    if (!this.#readVarint()) return false;
    const field = this.#low >>> 3;
    this.wireType = this.#low & 7;
    if (this.wireType === WireType.groupEnd) {
      if (open.pop() === field) return true;
      return this.fail(`a group of field ${field} ends that did not begin`);
    }
    this.field = field;
    if (this.field === 0) return this.fail('a field has number 0');
    this.valueStart = this.#position;
    if (!this.#readValue()) return false;
    if (this.wireType === WireType.groupStart) open.push(field);
    return open.length <= LIMITS.protobufGroupDepthMax || this.fail('groups are nested too deep');
  }
}
