import { SPAN_ID_BYTES, TRACE_ID_BYTES, isLowerHex, isSpanId, isTraceId } from '../ids.ts';
import { trimBlanks } from './header-text.ts';

/** Who decided what about the trace: defer is nobody yet, debug is accept that no sampler of the way may undo. */
export type B3State = 'defer' | 'deny' | 'accept' | 'debug';

/**
 * B3, in one header or in several (openzipkin/b3-propagation):
 *
 *     b3: 80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1-05e3ac9a4f6e3b90
 *         trace id (32 or 16)            - span id (16)   - state - parent id      the last two may be left out
 *     b3: 0                                                                        a state alone
 *
 * A trace id of 16 digits is padded to 32. Without ids there is no parent, only a decision that a new trace honours.
 */
export interface B3Context {
  ids: B3Ids | undefined;
  state: B3State;
}

export interface B3Ids {
  traceId: string;
  /** The sender's span: our parent. We never share it, as Zipkin's own tracers do. */
  spanId: string;
}

/** The values of the X-B3-* headers; undefined where one is absent, which an empty one is not. */
export interface B3Headers {
  traceId: string | undefined;
  spanId: string | undefined;
  sampled: string | undefined;
  flags: string | undefined;
}

/** Header names, in the lower case in which they are sent. */
export const B3_HEADERS = {
  single: 'b3',
  traceId: 'x-b3-traceid',
  spanId: 'x-b3-spanid',
  sampled: 'x-b3-sampled',
  flags: 'x-b3-flags',
} as const;

const DIGIT_BY_STATE = { deny: '0', accept: '1', debug: 'd' } as const;
const STATE_BY_DIGIT = new Map<string, B3State>([
  ['0', 'deny'],
  ['1', 'accept'],
  ['d', 'debug'],
]);
/** Lenient in what is read: some senders write words. */
const STATE_BY_SAMPLED = new Map<string, B3State>([
  ['0', 'deny'],
  ['1', 'accept'],
  ['false', 'deny'],
  ['true', 'accept'],
]);
const FIELDS_MAX = 4;
const VALUE_LENGTH_MAX = 256;
const SHORT_TRACE_ID_DIGITS = TRACE_ID_BYTES;

/** Undefined for anything malformed: an empty header and the placeholder `-` are. */
export function parseB3Single(header: string): B3Context | undefined {
  if (header.length > VALUE_LENGTH_MAX) return undefined;
  const fields = trimBlanks(header).split('-');
  const [traceId = '', spanId, stateDigit, parentId] = fields;
  if (spanId === undefined) return aloneState(STATE_BY_DIGIT.get(traceId));
  if (fields.length > FIELDS_MAX || (parentId !== undefined && !isIdForm(parentId))) return undefined;
  const ids = readIds(traceId, spanId);
  const state = stateDigit === undefined ? 'defer' : STATE_BY_DIGIT.get(stateDigit);
  return ids === undefined || state === undefined ? undefined : { ids, state };
}

/** The parent's id may be anything that looks like one: we do not use it. */
function isIdForm(text: string): boolean {
  return text.length === SPAN_ID_BYTES * 2 && isLowerHex(text);
}

/** Undefined for anything malformed and where all headers are absent. The parent's id says nothing that we need. */
export function parseB3Multi(headers: B3Headers): B3Context | undefined {
  const state = readMultiState(headers);
  if (state === undefined) return undefined;
  if (headers.traceId === undefined && headers.spanId === undefined) return aloneState(state);
  const ids = readIds(oneValue(headers.traceId), oneValue(headers.spanId));
  return ids === undefined ? undefined : { ids, state };
}

function aloneState(state: B3State | undefined): B3Context | undefined {
  return state === undefined || state === 'defer' ? undefined : { ids: undefined, state };
}

function readIds(traceId: string, spanId: string): B3Ids | undefined {
  const padded = traceId.length === SHORT_TRACE_ID_DIGITS ? traceId.padStart(TRACE_ID_BYTES * 2, '0') : traceId;
  return isTraceId(padded) && isSpanId(spanId) ? { traceId: padded, spanId } : undefined;
}

/** Flags 1 is debug, whatever Sampled says; any other Flags value is ignored. */
function readMultiState({ sampled, flags }: B3Headers): B3State | undefined {
  if (flags !== undefined && firstValue(flags) === '1') return 'debug';
  return sampled === undefined ? 'defer' : STATE_BY_SAMPLED.get(firstValue(sampled).toLowerCase());
}

/** Of a repeated state header the first value wins. */
function firstValue(header: string): string {
  return trimBlanks(header.slice(0, VALUE_LENGTH_MAX).split(',', 1)[0] ?? '');
}

/** A repeated id is no id: the comma of the joined values is refused as a digit. */
function oneValue(header: string | undefined): string {
  return header === undefined || header.length > VALUE_LENGTH_MAX ? '' : trimBlanks(header);
}

/** Never with a parent id, as OpenTelemetry demands. '' for nothing to say: no ids and no decision. */
export function formatB3Single({ ids, state }: B3Context): string {
  const parts = ids === undefined ? [] : [ids.traceId, ids.spanId];
  if (state !== 'defer') parts.push(DIGIT_BY_STATE[state]);
  return parts.join('-');
}

/** The headers to send, by lower-case name. Debug implies the decision, which is then not sent. */
export function formatB3Multi({ ids, state }: B3Context): Record<string, string> {
  return {
    ...(ids && { [B3_HEADERS.traceId]: ids.traceId, [B3_HEADERS.spanId]: ids.spanId }),
    ...(state === 'debug' && { [B3_HEADERS.flags]: '1' }),
    ...((state === 'accept' || state === 'deny') && { [B3_HEADERS.sampled]: DIGIT_BY_STATE[state] }),
  };
}
