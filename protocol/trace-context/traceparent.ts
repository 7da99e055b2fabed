import { isLowerHex, isSpanId, isTraceId } from '../ids.ts';
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
const DASH = '-';

/** Undefined for anything that the specification calls invalid: the caller starts a new trace and drops tracestate. */
export function parseTraceparent(header: string): TraceParent | undefined {
  if (header.length > LIMITS.traceparentLengthMax) return undefined;
  const text = trimBlanks(header);
  if (!hasFrame(text)) return undefined;
  const traceId = text.slice(3, 35);
  const spanId = text.slice(36, 52);
  const flags = text.slice(53, 55);
  if (!isTraceId(traceId) || !isSpanId(spanId) || !isLowerHex(flags)) return undefined;
  return { traceId, spanId, flags: Number.parseInt(flags, 16) & FLAGS_KNOWN };
}

/** Version 00 is exactly 55 characters; a higher one may go on behind a dash, and we read the part that we know. */
function hasFrame(text: string): boolean {
  const version = text.slice(0, 2);
  if (!isLowerHex(version) || version === 'ff') return false;
  if (text[2] !== DASH || text[35] !== DASH || text[52] !== DASH) return false;
  if (version === '00') return text.length === LENGTH;
  return text.length === LENGTH || text[LENGTH] === DASH;
}

/** Always version 00, unknown flags cleared. The ids should be valid: what they are is not checked again here. */
export function formatTraceparent(parent: TraceParent): string {
  return `00-${parent.traceId}-${parent.spanId}-0${parent.flags & FLAGS_KNOWN}`;
}
