/**
 * UTF-8 without TextEncoder, which k6 does not have. Both directions replace what is not well-formed by U+FFFD, as the
 * WHATWG Encoding standard does: a lone surrogate going out, each maximal broken sequence coming in. A byte order mark stays.
 */
const REPLACEMENT = 0xfffd;
const CHUNK_UNITS = 4096;
const units = new Uint16Array(CHUNK_UNITS + 2);

/** Room that text may need: no UTF-16 unit takes more than three bytes. */
export const UTF8_BYTES_PER_UNIT_MAX = 3;

export function utf8Encode(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * UTF8_BYTES_PER_UNIT_MAX);
  return bytes.slice(0, utf8Write(text, bytes, 0));
}

/** Writes text at an offset of an array that has room for it, and returns the offset behind it. */
export function utf8Write(text: string, bytes: Uint8Array, offset: number): number {
  const unitCount = text.length;
  for (let index = 0; index < unitCount; index++) {
    const unit = text.charCodeAt(index);
    if (unit >= 0x80) return writeAnyUnits(text, index, bytes, offset);
    bytes[offset++] = unit;
  }
  return offset;
}

function writeAnyUnits(text: string, indexFirst: number, bytes: Uint8Array, offsetFirst: number): number {
  let offset = offsetFirst;
  for (let index = indexFirst; index < text.length; index++) {
    const point = text.codePointAt(index) ?? REPLACEMENT;
    if (point > 0xffff) index++;
    offset = writePoint(point >= 0xd800 && point <= 0xdfff ? REPLACEMENT : point, bytes, offset);
  }
  return offset;
}

function writePoint(point: number, bytes: Uint8Array, offset: number): number {
  if (point < 0x80) {
    bytes[offset] = point;
    return offset + 1;
  }
  const trailing = point < 0x800 ? 1 : point < 0x1_0000 ? 2 : 3;
  const lead = trailing === 1 ? 0xc0 : trailing === 2 ? 0xe0 : 0xf0;
  bytes[offset] = lead | (point >> (6 * trailing));
  for (let left = trailing - 1; left >= 0; left--) {
    bytes[offset + trailing - left] = 0x80 | ((point >> (6 * left)) & 0x3f);
  }
  return offset + trailing + 1;
}

export function utf8Decode(bytes: Uint8Array, start = 0, end = bytes.length): string {
  let text = '';
  let offset = start;
  while (offset < end) {
    let unitCount = 0;
    while (offset < end && unitCount < CHUNK_UNITS) {
      const byte = bytes[offset] ?? 0;
      if (byte < 0x80) {
        units[unitCount++] = byte;
        offset++;
        continue;
      }
      const sequence = readSequence(bytes, offset, end);
      offset += sequence.length;
      unitCount = putPoint(sequence.point, unitCount);
    }
    text += String.fromCharCode.apply(undefined, toNumbers(unitCount));
  }
  return text;
}

/** `apply` takes any array-like; the declaration of the standard library says number[]. */
function toNumbers(unitCount: number): number[] {
  return units.subarray(0, unitCount) as unknown as number[];
}

function putPoint(point: number, unitCount: number): number {
  if (point <= 0xffff) {
    units[unitCount] = point;
    return unitCount + 1;
  }
  units[unitCount] = 0xd800 + ((point - 0x1_0000) >> 10);
  units[unitCount + 1] = 0xdc00 + ((point - 0x1_0000) & 0x3ff);
  return unitCount + 2;
}

interface Sequence {
  point: number;
  length: number;
}

/** One sequence that begins with a byte of 0x80 or more; U+FFFD over its longest legal prefix where it is broken. */
function readSequence(bytes: Uint8Array, offset: number, end: number): Sequence {
  const lead = bytes[offset] ?? 0;
  const trailing = trailingCount(lead);
  if (trailing === 0) return { point: REPLACEMENT, length: 1 };
  let point = lead & (0x3f >> trailing);
  for (let index = 1; index <= trailing; index++) {
    const byte = offset + index < end ? (bytes[offset + index] ?? 0) : 0;
    if (!isContinuation(byte, index === 1 ? lead : 0)) return { point: REPLACEMENT, length: index };
    point = (point << 6) | (byte & 0x3f);
  }
  return { point, length: trailing + 1 };
}

/** 0 for a byte that cannot begin a sequence: a continuation byte, an over-long form, over U+10FFFF. */
function trailingCount(lead: number): number {
  if (lead < 0xc2 || lead > 0xf4) return 0;
  return lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
}

/** The second byte has narrower bounds behind four lead bytes, which excludes over-long forms, surrogates and over U+10FFFF. */
function isContinuation(byte: number, lead: number): boolean {
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  return byte >= low && byte <= high;
}
