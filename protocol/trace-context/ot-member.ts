import { everyCode, isLowerLetterOrDigit } from './header-text.ts';

/**
 * OpenTelemetry's one entry in tracestate (specification, tracestate-handling), sub-keys in their order:
 *
 *     ot=th:fd70a;rv:6e6d1a75832a2f;other:value
 *
 * `th` is the threshold that the sampled span passed, `rv` the randomness that replaces the trace id's.
 */
export type OtMember = ReadonlyMap<string, string>;

export const OT_KEY = 'ot';
/** Its sub-keys that sampling reads. */
export const OT_THRESHOLD = 'th';
export const OT_RANDOMNESS = 'rv';

const LENGTH_MAX = 256;
const VALUE_PUNCTUATION = new Set('._-');

/** Undefined where a sub-key or value is malformed, a key comes twice or the text is over 256 characters. */
export function parseOtMember(text: string): OtMember | undefined {
  if (text.length > LENGTH_MAX) return undefined;
  const member = new Map<string, string>();
  for (const part of text.split(';')) {
    const colon = part.indexOf(':');
    const key = part.slice(0, Math.max(colon, 0));
    const value = part.slice(colon + 1);
    if (!isSubKey(key) || !everyCode(value, isValueCode) || member.has(key)) return undefined;
    member.set(key, value);
  }
  return member;
}

/** Undefined where the text would be over 256 characters: then the change has to be given up. '' where nothing is left. */
export function formatOtMember(member: OtMember): string | undefined {
  const text = [...member].map(([key, value]) => `${key}:${value}`).join(';');
  return text.length > LENGTH_MAX ? undefined : text;
}

/** A lower-case letter, then letters and digits. */
function isSubKey(text: string): boolean {
  const first = text.charCodeAt(0);
  return first >= 0x61 && first <= 0x7a && everyCode(text, isLowerLetterOrDigit);
}

function isValueCode(code: number): boolean {
  const isUpperLetter = code >= 0x41 && code <= 0x5a;
  return isLowerLetterOrDigit(code) || isUpperLetter || VALUE_PUNCTUATION.has(String.fromCharCode(code));
}
