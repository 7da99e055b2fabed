import type { Context, TextMapGetter, TextMapPropagator, TextMapSetter } from '@opentelemetry/api';
import { formatTraceparent, parseTraceparent } from '@tracelab/protocol';
import { ContextWithSpan, spanIn } from '../context/context-with-span.ts';
import { isTracingSuppressed } from '../context/suppress.ts';
import { asText } from '../span/as-text.ts';
import { identityOf } from '../span/identity-of.ts';
import { NonRecordingSpan } from '../span/non-recording-span.ts';
import { SpanId } from '../span/span-id.ts';
import { TraceId } from '../span/trace-id.ts';
import { readListHeader, readSingleHeader } from './carrier.ts';
import { MemberTraceState } from './trace-state.ts';

const TRACEPARENT = 'traceparent';
const TRACESTATE = 'tracestate';

/** W3C Trace Context level 2. A malformed traceparent leaves the context as it was; a malformed tracestate is dropped alone. */
export const traceContextPropagator: TextMapPropagator = {
  inject<Carrier>(context: Context, carrier: Carrier, setter: TextMapSetter<Carrier>): void {
    const span = spanIn(context);
    if (span === undefined || isTracingSuppressed(context)) return;
    const identity = identityOf(span);
    if (identity === undefined) return;
    const { traceId, spanId, traceFlags: flags } = identity;
    setter.set(carrier, TRACEPARENT, formatTraceparent({ traceId: traceId.hex, spanId: spanId.hex, flags }));
    const traceState = asText(identity.traceState?.serialize());
    if (traceState !== '') setter.set(carrier, TRACESTATE, traceState);
  },

  extract<Carrier>(context: Context, carrier: Carrier, getter: TextMapGetter<Carrier>): Context {
    const header = readSingleHeader(carrier, getter, TRACEPARENT);
    const parent = header === undefined ? undefined : parseTraceparent(header);
    if (parent === undefined) return context;
    const traceStateHeader = readListHeader(carrier, getter, TRACESTATE);
    const traceState = traceStateHeader === undefined ? undefined : MemberTraceState.parse(traceStateHeader);
    const traceId = TraceId.parse(parent.traceId);
    const caller = new NonRecordingSpan(traceId, SpanId.parse(parent.spanId), parent.flags, traceState);
    caller.isRemote = true;
    return ContextWithSpan.from(context, caller);
  },

  fields: () => [TRACEPARENT, TRACESTATE],
};
