import { isSpanContextValid } from '@opentelemetry/api';
import type { SpanContext } from '@opentelemetry/api';
import { NonRecordingSpan } from './non-recording-span.ts';
import { SpanId } from './span-id.ts';
import type { SpanIdentity } from './span-identity.ts';
import { TraceId } from './trace-id.ts';

/** A span of another tracer or of a propagator that is not ours, as a parent; undefined where its ids are not valid. */
export function identityFrom(context: SpanContext): SpanIdentity | undefined {
  if (!isSpanContextValid(context)) return undefined;
  const traceId = TraceId.parse(context.traceId.toLowerCase());
  const spanId = SpanId.parse(context.spanId.toLowerCase());
  const traceState = typeof context.traceState?.serialize === 'function' ? context.traceState : undefined;
  const identity = new NonRecordingSpan(traceId, spanId, asFlags(context.traceFlags), traceState);
  identity.isRemote = context.isRemote === true;
  return identity;
}

/** Callers in plain JavaScript pass anything. */
function asFlags(flags: unknown): number {
  return typeof flags === 'number' ? flags : 0;
}
