import { LIMITS } from '../limits.ts';
import { utf8Decode, utf8Encode } from '../text/utf8.ts';
import { everyCode, isLowerLetterOrDigit, trimBlanks } from './header-text.ts';

/** One entry of W3C Baggage. The value is decoded; metadata is the raw text of the properties behind it, '' for none. */
export interface BaggageMember {
  key: string;
  value: string;
  metadata: string;
}

/** Characters of an HTTP token beside letters and digits (RFC 9110, 5.6.2). */
const TOKEN_PUNCTUATION = new Set("!#$%&'*+-.^_`|~");
/** ASCII that the grammar excludes from values, and the percent sign, which begins an escape. */
const VALUE_ESCAPED = new Set('",;\\%');

/**
 * Reads up to 64 members within 8192 bytes; a malformed or surplus member is left out and counted. Of members with the
 * same key the last one is kept, in the place of the first (our rule: the specification leaves it open), uncounted.
 */
export function parseBaggage(header: string): { members: BaggageMember[]; droppedCount: number } {
  const memberByKey = new Map<string, BaggageMember>();
  let droppedCount = 0;
  let offset = 0;
  for (const text of header.slice(0, LIMITS.baggageScanLengthMax).split(',')) {
    offset += text.length + 1;
    if (trimBlanks(text) === '') continue;
    const member = offset - 1 > LIMITS.baggageBytesMax ? undefined : parseMember(text);
    const hasRoom = memberByKey.size < LIMITS.baggageMembersMax || (member && memberByKey.has(member.key));
    if (member !== undefined && hasRoom) memberByKey.set(member.key, member);
    else droppedCount++;
  }
  return { members: [...memberByKey.values()], droppedCount };
}

function parseMember(text: string): BaggageMember | undefined {
  const semicolon = text.indexOf(';');
  const pair = semicolon < 0 ? text : text.slice(0, semicolon);
  const equals = pair.indexOf('=');
  if (equals < 0) return undefined;
  const key = trimBlanks(pair.slice(0, equals));
  const value = trimBlanks(pair.slice(equals + 1));
  const metadata = semicolon < 0 ? '' : trimBlanks(text.slice(semicolon + 1));
  if (!isToken(key) || !isEncodedValue(value) || !isMetadata(metadata)) return undefined;
  return { key, value: percentDecode(value), metadata };
}

/**
 * The header's text, pure ASCII, within 64 members and 8192 bytes. Members that do not fit, or whose key or metadata a
 * header cannot carry, are left out whole and counted.
 */
export function formatBaggage(members: readonly BaggageMember[]): { header: string; droppedCount: number } {
  const parts: string[] = [];
  let length = 0;
  for (const member of members) {
    const part = formatMember(member);
    if (part === undefined || parts.length === LIMITS.baggageMembersMax) continue;
    const lengthThen = length + part.length + (parts.length === 0 ? 0 : 1);
    if (lengthThen > LIMITS.baggageBytesMax) continue;
    parts.push(part);
    length = lengthThen;
  }
  return { header: parts.join(','), droppedCount: members.length - parts.length };
}

function formatMember(member: BaggageMember): string | undefined {
  const { key, value, metadata } = member;
  // Cheap refusals first: encoding a huge value only to drop it would be work without a bound.
  if (key.length + value.length + metadata.length > LIMITS.baggageBytesMax) return undefined;
  if (!isToken(key) || !isMetadata(metadata)) return undefined;
  return `${key}=${percentEncode(value)}${metadata === '' ? '' : `;${metadata}`}`;
}

function percentEncode(text: string): string {
  if (everyCode(text, isPlain)) return text;
  let encoded = '';
  for (const byte of utf8Encode(text)) {
    encoded += isPlain(byte) ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return encoded;
}

/** Escapes that are not two hex digits stay as they are; bytes that are not UTF-8 become U+FFFD; `+` is a plus sign. */
function percentDecode(text: string): string {
  if (!text.includes('%')) return text;
  const bytes = new Uint8Array(text.length);
  let length = 0;
  for (let index = 0; index < text.length; index++) {
    const escaped = text.charCodeAt(index) === 0x25 ? hexByte(text, index + 1) : undefined;
    bytes[length++] = escaped ?? text.charCodeAt(index);
    if (escaped !== undefined) index += 2;
  }
  return utf8Decode(bytes, 0, length);
}

function hexByte(text: string, index: number): number | undefined {
  const digits = text.slice(index, index + 2).toLowerCase();
  const isByte = digits.length === 2 && everyCode(digits, (code) => isLowerLetterOrDigit(code) && code <= 0x66);
  return isByte ? Number.parseInt(digits, 16) : undefined;
}

function isToken(text: string): boolean {
  const isTokenCode = (code: number): boolean =>
    isLowerLetterOrDigit(code) || (code >= 0x41 && code <= 0x5a) || TOKEN_PUNCTUATION.has(String.fromCharCode(code));
  return text !== '' && everyCode(text, isTokenCode);
}

/** What stands for itself in a value. */
function isPlain(code: number): boolean {
  return code > 0x20 && code < 0x7f && !VALUE_ESCAPED.has(String.fromCharCode(code));
}

function isEncodedValue(text: string): boolean {
  return everyCode(text, (code) => code === 0x25 || isPlain(code));
}

/** Properties go through untouched: only what would end the member, or is no header text, is refused. */
function isMetadata(text: string): boolean {
  return everyCode(text, (code) => (code >= 0x20 && code < 0x7f && code !== 0x2c) || code === 0x09);
}
