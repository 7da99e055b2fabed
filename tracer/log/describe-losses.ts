import { SPAN_DROP_REASONS, spansDroppedTotal } from '@tracelab/protocol';
import type { SpanCounts } from '@tracelab/protocol';

/** What a process lost in all, for its last line on standard error; undefined where nothing was, or nobody wanted spans. */
export function describeLosses({ spansSampled, spansDropped }: SpanCounts): string | undefined {
  const lostCount = spansDroppedTotal({ spansDropped }) - spansDropped.no_exporter;
  if (lostCount === 0) return undefined;
  const reasons = SPAN_DROP_REASONS.filter((reason) => spansDropped[reason] > 0);
  const counted = reasons.map((reason) => `${reason} ${spansDropped[reason]}`).join(', ');
  return `${lostCount} of ${spansSampled} sampled spans never reached the collector: ${counted}`;
}
