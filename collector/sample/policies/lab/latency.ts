import type { LatencyRule } from '../../../config/policy-config.ts';
import { TimeExtent } from '../../time-extent.ts';
import { sampledIf, type PolicyContext, type VoteOn } from '../policy.ts';

/** From the earliest start to the latest end of the whole trace, where upstream stops at the first prefix that fits (#43948). Whole milliseconds, cut, as there. */
export function createLatency({ thresholdMs, upperThresholdMs }: LatencyRule, { observe }: PolicyContext): VoteOn {
  const extent = new TimeExtent();
  return (trace) => {
    extent.reset();
    trace.forEachSpan((batch, row) => extent.add(batch, row));
    const { durationMs } = extent;
    observe(durationMs);
    return sampledIf(durationMs > thresholdMs && (upperThresholdMs === 0 || durationMs <= upperThresholdMs));
  };
}
