import type { RateLimitingRule, SharedRule } from '../../../config/policy-config.ts';
import { encodeSpans } from '../../../receive/encode-spans.ts';
import type { TraceView } from '../../buffer/trace-view.ts';
import type { PolicyContext, VoteOn } from '../policy.ts';
import { thresholdOfShare } from '../../probability/choose-share.ts';
import { Budget } from './budget.ts';
import { chooseByRandomness } from './chance.ts';

/** The rate holds on the average; who passes is chosen by randomness, where upstream takes who comes first and never a trace larger than the burst. */
export function createRateLimiting(rule: RateLimitingRule, context: PolicyContext): VoteOn {
  return limitBy(
    new Budget(rule.spansPerSecond, rule.burstCapacitySpans, context),
    context,
    (trace) => trace.spanCount,
  );
}

/** The same of bytes as they are stored. */
export function createBytesLimiting(
  rule: Extract<SharedRule, { type: 'bytes_limiting' }>,
  context: PolicyContext,
): VoteOn {
  const budget = new Budget(rule.bytesPerSecond, rule.burstCapacityBytes, context);
  return limitBy(budget, context, (trace) => encodeSpans(trace).length);
}

function limitBy(budget: Budget, { observe }: PolicyContext, sizeOf: (trace: TraceView) => number): VoteOn {
  return (trace) => {
    observe(budget.left);
    const verdict = chooseByRandomness(trace, thresholdOfShare(budget.share, trace));
    if (verdict.vote === 'sampled') budget.spend(sizeOf(trace));
    return verdict;
  };
}
