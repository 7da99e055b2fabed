import { ROOT_CONTEXT, TraceFlags, trace } from '@opentelemetry/api';
import type { Context, SpanContext } from '@opentelemetry/api';

/** A sampled span of another process, whose trace was not known to be random. */
export const REMOTE: SpanContext = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  traceFlags: TraceFlags.SAMPLED,
  isRemote: true,
};

/** W3C level 2; the API has no name for it. */
export const RANDOM_FLAG = 0x02;

/** A context in which a span with these properties is the parent. */
export function below(parent: Partial<SpanContext>): Context {
  return trace.setSpanContext(ROOT_CONTEXT, { ...REMOTE, ...parent });
}
