/** Trace ids are 32, span ids 16 lower-case hex digits, never all zero (W3C Trace Context level 2, section 3.2). */
export const TRACE_ID_BYTES = 16;
export const SPAN_ID_BYTES = 8;
export const TRACE_ID_INVALID = '0'.repeat(TRACE_ID_BYTES * 2);
export const SPAN_ID_INVALID = '0'.repeat(SPAN_ID_BYTES * 2);

/** The value of each code of Latin-1 as a lower-case hex digit, -1 for what is none. */
const LOWER_DIGITS = new Int8Array(256).fill(-1);
for (let value = 0; value < 16; value++) LOWER_DIGITS[value.toString(16).charCodeAt(0)] = value;
const HEX_BY_BYTE: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

export function isTraceId(text: string): boolean {
  return text.length === TRACE_ID_BYTES * 2 && isLowerHex(text) && text !== TRACE_ID_INVALID;
}

export function isSpanId(text: string): boolean {
  return text.length === SPAN_ID_BYTES * 2 && isLowerHex(text) && text !== SPAN_ID_INVALID;
}

/** Upper-case digits are refused: W3C headers allow lower case only. A part that ends behind the text is none. */
export function isLowerHex(text: string, start = 0, end: number = text.length): boolean {
  return digitBits(text, start, end) >= 0;
}

/** Lower-case hex of which at least one digit is not 0: a trace id's or span id's part of a header. */
export function isNonZeroHex(text: string, start: number, end: number): boolean {
  return digitBits(text, start, end) > 0;
}

/**
 * All digits' bits together: below 0 where one is no lower-case digit, 0 where all are 0. Without a branch in its loop,
 * since it looks at every character of every request's traceparent.
 */
function digitBits(text: string, start: number, end: number): number {
  if (end > text.length) return -1;
  let bits = 0;
  let codes = 0;
  for (let index = start; index < end; index++) {
    const code = text.charCodeAt(index);
    codes |= code;
    bits |= LOWER_DIGITS[code & 0xff] ?? -1;
  }
  return codes > 0xff ? -1 : bits;
}

export function hexFromBytes(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += HEX_BY_BYTE[byte] ?? '';
  return text;
}

/** Reads hex of either case, as OTLP JSON allows; undefined where a digit is wrong or half a byte is left over. */
export function bytesFromHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0) return undefined;
  const bytes = new Uint8Array(text.length / 2);
  for (let index = 0; index < bytes.length; index++) {
    const high = hexDigit(text.charCodeAt(index * 2));
    const low = hexDigit(text.charCodeAt(index * 2 + 1));
    if (high < 0 || low < 0) return undefined;
    bytes[index] = high * 16 + low;
  }
  return bytes;
}

/** -1 for what is no digit. */
export function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : -1;
}

/** Fills the array with random bytes, as `crypto.getRandomValues` does. Injected, so that tests are deterministic. */
export type FillRandom = (bytes: Uint8Array) => void;

/** Makes ids whose every bit is random, which is what the W3C level 2 random flag promises of the right-most 7 bytes. */
export function createIdGenerator(fillRandom: FillRandom): { traceId: () => string; spanId: () => string } {
  const draw = (size: number): string => {
    const bytes = new Uint8Array(size);
    do fillRandom(bytes);
    while (bytes.every((byte) => byte === 0));
    return hexFromBytes(bytes);
  };
  return { traceId: () => draw(TRACE_ID_BYTES), spanId: () => draw(SPAN_ID_BYTES) };
}
