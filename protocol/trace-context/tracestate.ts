import { LIMITS } from '../limits.ts';
import { everyCode, isLowerLetterOrDigit, trimBlanks, trimBlanksRight } from './header-text.ts';

/** One vendor's entry of the tracestate list (W3C Trace Context level 2, section 3.3). The left-most was written last. */
export interface TraceStateMember {
  key: string;
  value: string;
}

const KEY_PUNCTUATION = new Set('_-*/@');

/**
 * Undefined where any member is malformed or there are more than 32: then the whole list is dropped, as the strict
 * conformance run expects. Empty members are skipped, an empty header is an empty list. Duplicate keys are kept as they came.
 */
export function parseTracestate(header: string): TraceStateMember[] | undefined {
  if (header.length > LIMITS.tracestateLengthMax) return undefined;
  const members: TraceStateMember[] = [];
  for (const text of header.split(',')) {
    if (trimBlanks(text) === '') continue;
    const member = parseMember(text);
    if (member === undefined || members.length === LIMITS.tracestateMembersMax) return undefined;
    members.push(member);
  }
  return members;
}

/** Blanks before the key and behind the value are padding; blanks right behind the `=` belong to the value. */
function parseMember(text: string): TraceStateMember | undefined {
  const equals = text.indexOf('=');
  if (equals < 0) return undefined;
  const key = trimBlanks(text.slice(0, equals));
  if (!text.slice(0, equals).endsWith(key)) return undefined;
  const value = trimBlanksRight(text.slice(equals + 1));
  return isKey(key) && isValue(value) ? { key, value } : undefined;
}

/** The header's text; '' for an empty list, which should not be sent. */
export function formatTracestate(members: readonly TraceStateMember[]): string {
  return members.map((member) => `${member.key}=${member.value}`).join(',');
}

/**
 * A new list with this member at the left end and the others in their order; beyond 32 the right-most is dropped.
 * Throws a RangeError where key or value are not what the specification allows.
 */
export function setTracestateMember(
  members: readonly TraceStateMember[],
  key: string,
  value: string,
): TraceStateMember[] {
  if (!isKey(key)) {
    throw new RangeError(
      `a tracestate key should be 1 to 256 of a-z 0-9 _ - * / @ and begin with a letter or digit: was "${key}"`,
    );
  }
  if (!isValue(value) || value.endsWith(' ')) {
    throw new RangeError(
      `a tracestate value should be 1 to 256 printable ASCII characters without comma, "=" or a blank at the end: was "${value}"`,
    );
  }
  const others = deleteTracestateMember(members, key).slice(0, LIMITS.tracestateMembersMax - 1);
  return [{ key, value }, ...others];
}

export function deleteTracestateMember(members: readonly TraceStateMember[], key: string): TraceStateMember[] {
  return members.filter((member) => member.key !== key);
}

function isKey(text: string): boolean {
  if (text.length === 0 || text.length > LIMITS.tracestateKeyLengthMax) return false;
  if (!isLowerLetterOrDigit(text.charCodeAt(0))) return false;
  return everyCode(text, (code) => isLowerLetterOrDigit(code) || KEY_PUNCTUATION.has(String.fromCharCode(code)));
}

/** Printable ASCII except comma and equals sign. */
function isValue(text: string): boolean {
  if (text.length === 0 || text.length > LIMITS.tracestateValueLengthMax) return false;
  return everyCode(text, (code) => code >= 0x20 && code <= 0x7e && code !== 0x2c && code !== 0x3d);
}
