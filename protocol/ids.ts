/** Trace ids are 32, span ids 16 lower-case hex digits, never all zero (W3C Trace Context level 2, section 3.2). */
export const TRACE_ID_BYTES = 16;
export const SPAN_ID_BYTES = 8;
export const TRACE_ID_INVALID = '0'.repeat(TRACE_ID_BYTES * 2);
export const SPAN_ID_INVALID = '0'.repeat(SPAN_ID_BYTES * 2);

const IS_LOWER_HEX = new Uint8Array(128);
for (const digit of '0123456789abcdef') IS_LOWER_HEX[digit.charCodeAt(0)] = 1;
const HEX_BY_BYTE: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

export function isTraceId(text: string): boolean {
  return text.length === TRACE_ID_BYTES * 2 && isLowerHex(text) && text !== TRACE_ID_INVALID;
}

export function isSpanId(text: string): boolean {
  return text.length === SPAN_ID_BYTES * 2 && isLowerHex(text) && text !== SPAN_ID_INVALID;
}

/** Upper-case digits are refused: W3C headers allow lower case only. A part that ends behind the text is none. */
export function isLowerHex(text: string, start = 0, end: number = text.length): boolean {
  for (let index = start; index < end; index++) {
    if (IS_LOWER_HEX[text.charCodeAt(index)] !== 1) return false;
  }
  return true;
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
