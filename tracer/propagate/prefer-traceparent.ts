import { isSpanContextValid } from '@opentelemetry/api';
import type { Context, SpanContext, TextMapPropagator } from '@opentelemetry/api';
import { TRACE_FLAG_SAMPLED } from '@tracelab/protocol';
import type { PropagationCounts } from '@tracelab/protocol';
import { spanIn } from '../context/context-with-span.ts';
import { DeferringSpan, b3Propagator, isMarkedDebug, withDebugMark } from './b3.ts';
import { traceContextPropagator } from './trace-context.ts';

/**
 * Reads traceparent and B3. Where both are valid traceparent is believed, a disagreement is counted, and of B3 only the
 * debug mark is taken over, where it speaks of the same span.
 */
export function createPreferringReader(counts: PropagationCounts): Pick<TextMapPropagator, 'extract'> {
  return {
    extract: (context, carrier, getter) => {
      const byTraceparent = traceContextPropagator.extract(context, carrier, getter);
      const byB3 = b3Propagator.extract(context, carrier, getter);
      if (byTraceparent === context || byB3 === context) return byTraceparent === context ? byB3 : byTraceparent;
      if (isAgreement(byTraceparent, byB3)) return isMarkedDebug(byB3) ? withDebugMark(byTraceparent) : byTraceparent;
      counts.traceContextConflicts++;
      return byTraceparent;
    },
  };
}

function isAgreement(byTraceparent: Context, byB3: Context): boolean {
  const [one, other] = [contextIn(byTraceparent), contextIn(byB3)];
  if (one === undefined || other === undefined) return false;
  // A decision alone names no span, so it can only disagree about the decision.
  const isSameSpan = !isSpanContextValid(other) || (one.traceId === other.traceId && one.spanId === other.spanId);
  const isSameDecision = ((one.traceFlags ^ other.traceFlags) & TRACE_FLAG_SAMPLED) === 0;
  return isSameSpan && (isSameDecision || spanIn(byB3) instanceof DeferringSpan);
}

function contextIn(context: Context): SpanContext | undefined {
  return spanIn(context)?.spanContext();
}
