import { hexDigit, isLowerHex, isNonZeroHex } from '../ids.ts';
import { LIMITS } from '../limits.ts';
import { trimBlanks } from './header-text.ts';

/**
 * W3C Trace Context level 2, section 3.2:
 *
 *     00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01
 *     version - trace id (32) - parent id (16) - flags
 *
 * `spanId` is the sender's span: our parent. `flags` has only the bits that we know.
 */
export interface TraceParent {
  traceId: string;
  spanId: string;
  flags: number;
}

export const TRACE_FLAG_SAMPLED = 0x01;
/** Level 2: the right-most 7 bytes of the trace id are random. Copied as it is when a trace is continued. */
export const TRACE_FLAG_RANDOM = 0x02;

const FLAGS_KNOWN = TRACE_FLAG_SAMPLED | TRACE_FLAG_RANDOM;
const LENGTH = 55;
const DASH = 0x2d;
const VERSION_FORBIDDEN = 'ff';

/** Undefined for anything that the specification calls invalid: the caller starts a new trace and drops tracestate. */
export function parseTraceparent(header: string): TraceParent | undefined {
  if (header.length > LIMITS.traceparentLengthMax) return undefined;
  const text = trimBlanks(header);
  // Checked in place: cutting first costs more than the rest.
  if (!hasFrame(text) || !isNonZeroHex(text, 3, 35) || !isNonZeroHex(text, 36, 52)) return undefined;
  const flags = hexDigit(text.charCodeAt(54)) & FLAGS_KNOWN;
  return { traceId: text.slice(3, 35), spanId: text.slice(36, 52), flags };
}

/** Version 00 is exactly 55 characters; a higher one may go on behind a dash, and we read the part that we know. */
function hasFrame(text: string): boolean {
  if (text.charCodeAt(2) !== DASH || text.charCodeAt(35) !== DASH || text.charCodeAt(52) !== DASH) return false;
  if (!isLowerHex(text, 53, LENGTH)) return false;
  if (text.startsWith('00')) return text.length === LENGTH;
  const isVersion = isLowerHex(text, 0, 2) && !text.startsWith(VERSION_FORBIDDEN);
  return isVersion && (text.length === LENGTH || text.charCodeAt(LENGTH) === DASH);
}

/** Always version 00, unknown flags cleared. The ids should be valid: what they are is not checked again here. */
export function formatTraceparent(parent: TraceParent): string {
  return `00-${parent.traceId}-${parent.spanId}-0${parent.flags & FLAGS_KNOWN}`;
}
