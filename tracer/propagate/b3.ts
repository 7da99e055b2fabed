import { INVALID_SPANID, INVALID_TRACEID, createContextKey, trace } from '@opentelemetry/api';
import type { Context, TextMapGetter, TextMapPropagator, TextMapSetter } from '@opentelemetry/api';
import {
  B3_HEADERS,
  TRACE_FLAG_SAMPLED,
  formatB3Multi,
  formatB3Single,
  parseB3Multi,
  parseB3Single,
} from '@tracelab/protocol';
import type { B3Context, B3State } from '@tracelab/protocol';
import { ContextWithSpan, spanIn } from '../context/context-with-span.ts';
import { isTracingSuppressed } from '../context/suppress.ts';
import { identityOf } from '../span/identity-of.ts';
import { NonRecordingSpan } from '../span/non-recording-span.ts';
import { SpanId } from '../span/span-id.ts';
import { TraceId } from '../span/trace-id.ts';
import { readFirstHeader, readSingleHeader } from './carrier.ts';

/** B3 has no place for debug in a span context: the mark travels beside it. */
const DEBUG = createContextKey('tracelab.b3-debug');

/** A caller that left the decision to us: parent-based asks its root sampler, in the caller's trace. */
export class DeferringSpan extends NonRecordingSpan {
  readonly isDeferring = true;
}

type Inject = TextMapPropagator['inject'];

/** Reads both forms, the single header first, and writes the single one. */
export const b3Propagator = createB3Propagator([B3_HEADERS.single], (found, carrier, setter) => {
  const header = formatB3Single(found);
  if (header !== '') setter.set(carrier, B3_HEADERS.single, header);
});

const MULTI_FIELDS = [B3_HEADERS.traceId, B3_HEADERS.spanId, B3_HEADERS.sampled, B3_HEADERS.flags];

/** Reads both forms, the single header first, and writes the X-B3-* headers. */
export const b3MultiPropagator = createB3Propagator(MULTI_FIELDS, (found, carrier, setter) => {
  for (const [name, value] of Object.entries(formatB3Multi(found))) setter.set(carrier, name, value);
});

function createB3Propagator(
  fields: string[],
  write: <Carrier>(found: B3Context, carrier: Carrier, setter: TextMapSetter<Carrier>) => void,
): TextMapPropagator {
  const inject: Inject = (context, carrier, setter) => {
    const found = isTracingSuppressed(context) ? undefined : b3ContextOf(context);
    if (found !== undefined) write(found, carrier, setter);
  };
  return { inject, extract: extractB3, fields: () => [...fields] };
}

/** Malformed headers leave the context as it was; a malformed single header is not made up for by the others. */
function extractB3<Carrier>(context: Context, carrier: Carrier, getter: TextMapGetter<Carrier>): Context {
  const single = readSingleHeader(carrier, getter, B3_HEADERS.single);
  const found =
    single === undefined
      ? parseB3Multi({
          traceId: readSingleHeader(carrier, getter, B3_HEADERS.traceId),
          spanId: readSingleHeader(carrier, getter, B3_HEADERS.spanId),
          sampled: readFirstHeader(carrier, getter, B3_HEADERS.sampled),
          flags: readFirstHeader(carrier, getter, B3_HEADERS.flags),
        })
      : parseB3Single(single);
  return found === undefined ? context : contextOf(context, found);
}

function contextOf(context: Context, { ids, state }: B3Context): Context {
  // The random flag of W3C stays 0: B3 says nothing of how the id was made.
  const traceFlags = state === 'accept' || state === 'debug' ? TRACE_FLAG_SAMPLED : 0;
  const marked = markDebug(context, state === 'debug');
  if (ids === undefined) return withDecision(marked, traceFlags);
  const Caller = state === 'defer' ? DeferringSpan : NonRecordingSpan;
  const caller = new Caller(TraceId.parse(ids.traceId), SpanId.parse(ids.spanId), traceFlags, undefined);
  caller.isRemote = true;
  return ContextWithSpan.from(marked, caller);
}

function markDebug(context: Context, isDebug: boolean): Context {
  if (isDebug) return context.setValue(DEBUG, true);
  return isMarkedDebug(context) ? context.deleteValue(DEBUG) : context;
}

export function isMarkedDebug(context: Context): boolean {
  return context.getValue(DEBUG) === true;
}

/** As B3's `d`: the mark goes on to the next process with whatever span is sampled under the context. */
export function withDebugMark(context: Context): Context {
  return markDebug(context, true);
}

/** A decision without ids is no parent: it lies there as a remote span without valid ids, and the sampler sees its flags. */
function withDecision(context: Context, traceFlags: number): Context {
  const decision = { traceId: INVALID_TRACEID, spanId: INVALID_SPANID, traceFlags, isRemote: true };
  return ContextWithSpan.from(context, trace.wrapSpanContext(decision));
}

/** What to tell the next process; undefined where there is neither a valid span nor a decision to pass through. */
function b3ContextOf(context: Context): B3Context | undefined {
  const span = spanIn(context);
  if (span === undefined) return undefined;
  const identity = identityOf(span);
  const { traceFlags, isRemote } = identity ?? span.spanContext();
  if (identity === undefined && isRemote !== true) return undefined;
  const state: B3State = span instanceof DeferringSpan ? 'defer' : stateOf(traceFlags, context);
  return { ids: identity && { traceId: identity.traceId.hex, spanId: identity.spanId.hex }, state };
}

function stateOf(traceFlags: number, context: Context): B3State {
  if ((traceFlags & TRACE_FLAG_SAMPLED) === 0) return 'deny';
  return isMarkedDebug(context) ? 'debug' : 'accept';
}
