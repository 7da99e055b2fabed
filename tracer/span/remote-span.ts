import { isSpanContextValid } from '@opentelemetry/api';
import type { Span, SpanContext } from '@opentelemetry/api';
import { attempt } from './attempt.ts';
import { NonRecordingSpan } from './non-recording-span.ts';
import { SpanId } from './span-id.ts';
import { SpanIdentity } from './span-identity.ts';
import { TraceId } from './trace-id.ts';

/** The caller's span, in another process: what a propagator found. */
export class RemoteSpan extends NonRecordingSpan {
  override get isRemote(): boolean {
    return true;
  }
}

/** Ours have their identity, valid by their making; of others it is read, a walk over 48 digits. Undefined where the ids are not valid, or cannot be read. */
export function identityOf(span: Span): SpanIdentity | undefined {
  return span instanceof SpanIdentity ? span : attempt(foreignIdentity, span);
}

function foreignIdentity(span: Span): SpanIdentity | undefined {
  return identityFrom(span.spanContext());
}

/** A span of another tracer or of a propagator that is not ours, as a parent; undefined where its ids are not valid. */
export function identityFrom(context: SpanContext): SpanIdentity | undefined {
  if (!isSpanContextValid(context)) return undefined;
  const traceId = TraceId.parse(context.traceId.toLowerCase());
  const spanId = SpanId.parse(context.spanId.toLowerCase());
  const Identity = context.isRemote === true ? RemoteSpan : NonRecordingSpan;
  const traceState = typeof context.traceState?.serialize === 'function' ? context.traceState : undefined;
  return new Identity(traceId, spanId, asFlags(context.traceFlags), traceState);
}

/** Callers in plain JavaScript pass anything. */
function asFlags(flags: unknown): number {
  return typeof flags === 'number' ? flags : 0;
}
