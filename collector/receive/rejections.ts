import { LIMITS } from '@tracelab/protocol';

/** Why a single span is refused while the rest of its request is taken. */
export const REJECTIONS = {
  traceId: 'the trace id should be 16 bytes and not all zero',
  spanId: 'the span id should be 8 bytes and not all zero',
  parentSpanId: 'the parent span id should be absent, or 8 bytes and not all zero',
  name: `the name should have at most ${LIMITS.spanNameLengthMax} characters`,
  traceState: `the trace state should have at most ${LIMITS.tracestateLengthMax} characters`,
  endBeforeStart: 'the span should not end before it starts',
} as const;
export type Rejection = keyof typeof REJECTIONS;

export type RejectionCounts = Record<Rejection, number>;

export function noRejections(): RejectionCounts {
  return { traceId: 0, spanId: 0, parentSpanId: 0, name: 0, traceState: 0, endBeforeStart: 0 };
}

export function totalRejected(counts: RejectionCounts): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

/** In English, for partial_success: every reason with its count. */
export function explainRejections(counts: RejectionCounts): string {
  const reasons = (Object.keys(REJECTIONS) as Rejection[])
    .filter((rejection) => counts[rejection] > 0)
    .map((rejection) => `${counts[rejection]} spans: ${REJECTIONS[rejection]}`);
  return reasons.length === 0 ? '' : `rejected ${reasons.join('; ')}`;
}
