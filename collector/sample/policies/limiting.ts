import type { RateLimitingRule, SharedRule } from '../../config/policy-config.ts';
import { encodeSpans } from '../../receive/encode-spans.ts';
import type { TraceView } from '../buffer/trace-view.ts';
import { sampledSomehowIf, type PolicyContext, type VoteOn } from './policy.ts';
import { TokenBucket } from './token-bucket.ts';

/** Observed is what the bucket had to give. */
export function createRateLimiting(rule: RateLimitingRule, context: PolicyContext): VoteOn {
  const bucket = new TokenBucket(rule.spansPerSecond, rule.burstCapacitySpans, context);
  return limitBy(bucket, context, ({ spanCount }) => spanCount);
}

/** The size is that of the trace as it is stored; upstream repeats a resource for every request that brought spans of it. */
export function createBytesLimiting(
  rule: Extract<SharedRule, { type: 'bytes_limiting' }>,
  context: PolicyContext,
): VoteOn {
  const bucket = new TokenBucket(rule.bytesPerSecond, rule.burstCapacityBytes, context);
  return limitBy(bucket, context, (trace) => encodeSpans(trace).length);
}

/** All or nothing: a trace that is larger than what is left, or than the bucket, is not sampled. */
function limitBy(bucket: TokenBucket, { observe }: PolicyContext, sizeOf: (trace: TraceView) => number): VoteOn {
  return (trace) => {
    const { left } = bucket;
    observe(left);
    const size = sizeOf(trace);
    if (size <= left) bucket.spend(size);
    return sampledSomehowIf(size <= left);
  };
}
