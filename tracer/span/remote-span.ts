import { isSpanContextValid } from '@opentelemetry/api';
import type { SpanContext } from '@opentelemetry/api';
import { NonRecordingSpan } from './non-recording-span.ts';
import { SpanId } from './span-id.ts';
import type { SpanIdentity } from './span-identity.ts';
import { TraceId } from './trace-id.ts';

/** The caller's span, in another process: what a propagator found. */
export class RemoteSpan extends NonRecordingSpan {
  override get isRemote(): boolean {
    return true;
  }
}

/** A span of another tracer or of a propagator that is not ours, as a parent; undefined where its ids are not valid. */
export function identityFrom(context: SpanContext): SpanIdentity | undefined {
  if (!isSpanContextValid(context)) return undefined;
  const traceId = TraceId.parse(context.traceId.toLowerCase());
  const spanId = SpanId.parse(context.spanId.toLowerCase());
  const Identity = context.isRemote === true ? RemoteSpan : NonRecordingSpan;
  return new Identity(traceId, spanId, context.traceFlags, context.traceState);
}
