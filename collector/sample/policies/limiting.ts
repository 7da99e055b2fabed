import type { RateLimitingRule, SharedRule } from '../../config/policy-config.ts';
import { encodeTrace } from '../assemble-trace.ts';
import { sampledSomehowIf, type PolicyContext, type VoteOn } from './policy.ts';

type Clock = Pick<PolicyContext, 'nowMs'>;

/** Observed is what the bucket had to give. */
export function createRateLimiting(rule: RateLimitingRule, context: PolicyContext): VoteOn {
  const bucket = new TokenBucket(rule.spansPerSecond, rule.burstCapacitySpans, context);
  return ({ spanCount }) => {
    context.observe(bucket.fill());
    return sampledSomehowIf(bucket.take(spanCount));
  };
}

/** The size is that of the trace as it is stored; upstream repeats a resource for every request that brought spans of it. */
export function createBytesLimiting(
  rule: Extract<SharedRule, { type: 'bytes_limiting' }>,
  context: PolicyContext,
): VoteOn {
  const bucket = new TokenBucket(rule.bytesPerSecond, rule.burstCapacityBytes, context);
  return (trace) => {
    context.observe(bucket.fill());
    return sampledSomehowIf(bucket.take(encodeTrace(trace).length));
  };
}

/** As golang.org/x/time/rate counts: full at the beginning; more than the capacity is never given. */
class TokenBucket {
  readonly #perMs: number;
  readonly #capacity: number;
  readonly #clock: Clock;
  #tokens: number;
  #filledMs: number;

  constructor(perSecond: number, capacity: number, clock: Clock) {
    this.#perMs = perSecond / 1000;
    this.#capacity = capacity;
    this.#clock = clock;
    this.#tokens = capacity;
    this.#filledMs = clock.nowMs();
  }

  /** Up to now; returns what is there. */
  fill(): number {
    const nowMs = this.#clock.nowMs();
    this.#tokens = Math.min(this.#capacity, this.#tokens + (nowMs - this.#filledMs) * this.#perMs);
    this.#filledMs = nowMs;
    return this.#tokens;
  }

  /** All or nothing. */
  take(count: number): boolean {
    this.fill();
    if (count > this.#tokens) return false;
    this.#tokens -= count;
    return true;
  }
}
