import { isSpanId, isTraceId } from '../ids.ts';
import { LIMITS } from '../limits.ts';
import type { Span } from './trace.ts';

/**
 * Why a receiver must reject this span, in English for `partial_success.error_message`; undefined where it is fine. These
 * are the rules of one span only: a span is rejected by itself, never its batch (OTLP, "Partial Success").
 */
export function validateSpan(span: Span): string | undefined {
  return validateIds(span) ?? validateTimes(span) ?? validateLengths(span);
}

function validateIds({ traceId, spanId, parentSpanId }: Span): string | undefined {
  if (!isTraceId(traceId)) return `trace id should be 16 bytes, not all zero: was "${shorten(traceId)}"`;
  if (!isSpanId(spanId)) return `span id should be 8 bytes, not all zero: was "${shorten(spanId)}"`;
  if (parentSpanId === '' || isSpanId(parentSpanId)) return undefined;
  return `parent span id should be empty or 8 bytes, not all zero: was "${shorten(parentSpanId)}"`;
}

function validateTimes({ startTimeUnixNano, endTimeUnixNano }: Span): string | undefined {
  if (endTimeUnixNano >= startTimeUnixNano) return undefined;
  return `end should not be before start: was ${startTimeUnixNano - endTimeUnixNano} ns before`;
}

function validateLengths({ name, traceState }: Span): string | undefined {
  if (name.length > LIMITS.spanNameLengthMax) {
    return `name should have at most ${LIMITS.spanNameLengthMax} characters: had ${name.length}`;
  }
  if (traceState.length > LIMITS.tracestateLengthMax) {
    return `trace state should have at most ${LIMITS.tracestateLengthMax} characters: had ${traceState.length}`;
  }
  return undefined;
}

function shorten(id: string): string {
  return id.length <= 40 ? id : `${id.slice(0, 40)}…`;
}
