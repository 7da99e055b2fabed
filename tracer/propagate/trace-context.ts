import { trace } from '@opentelemetry/api';
import type { Context, TextMapGetter, TextMapPropagator, TextMapSetter } from '@opentelemetry/api';
import { formatTraceparent, parseTraceparent } from '@tracelab/protocol';
import { isTracingSuppressed } from '../context/suppress.ts';
import { readListHeader, readSingleHeader } from './carrier.ts';
import { MemberTraceState } from './trace-state.ts';

const TRACEPARENT = 'traceparent';
const TRACESTATE = 'tracestate';

/** W3C Trace Context level 2. A malformed traceparent leaves the context as it was; a malformed tracestate is dropped alone. */
export const traceContextPropagator: TextMapPropagator = {
  inject<Carrier>(context: Context, carrier: Carrier, setter: TextMapSetter<Carrier>): void {
    const spanContext = trace.getSpanContext(context);
    if (spanContext === undefined || isTracingSuppressed(context) || !trace.isSpanContextValid(spanContext)) return;
    const { traceId, spanId, traceFlags: flags } = spanContext;
    setter.set(carrier, TRACEPARENT, formatTraceparent({ traceId, spanId, flags }));
    const traceState = spanContext.traceState?.serialize();
    if (traceState !== undefined && traceState !== '') setter.set(carrier, TRACESTATE, traceState);
  },

  extract<Carrier>(context: Context, carrier: Carrier, getter: TextMapGetter<Carrier>): Context {
    const header = readSingleHeader(carrier, getter, TRACEPARENT);
    const parent = header === undefined ? undefined : parseTraceparent(header);
    if (parent === undefined) return context;
    const { traceId, spanId, flags: traceFlags } = parent;
    const traceStateHeader = readListHeader(carrier, getter, TRACESTATE);
    const traceState = traceStateHeader === undefined ? undefined : MemberTraceState.parse(traceStateHeader);
    const spanContext = { traceId, spanId, traceFlags, isRemote: true, ...(traceState && { traceState }) };
    return trace.setSpanContext(context, spanContext);
  },

  fields: () => [TRACEPARENT, TRACESTATE],
};
