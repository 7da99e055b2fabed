import type { SamplingParent, SamplingResult, Sampler } from './sampler.ts';
import { NOT_SAMPLED, SAMPLED } from './sampler.ts';
import { withoutThreshold } from './threshold-state.ts';
import { TokenBucket } from './token-bucket.ts';

/**
 * Keeps at most so many traces a second, in this process. With what probability a trace was kept is then unknown, so a
 * threshold is erased and kept spans cannot be counted up. Ask it for roots only: wrap it in parent-based.
 */
export function createRateLimitingSampler(tracesPerSecond: number, nowMs: () => number): Sampler {
  const bucket = new TokenBucket(tracesPerSecond, nowMs);
  return {
    sample: (_traceId, parent) => withUnknownProbability(bucket.take() ? SAMPLED : NOT_SAMPLED, parent),
    toString: () => `RateLimitingSampler{${tracesPerSecond}}`,
  };
}

/** The decision without a threshold: what the parent's tracestate says of probability is not true of it. */
export function withUnknownProbability(decision: SamplingResult, parent: SamplingParent | undefined): SamplingResult {
  const state = parent?.traceState;
  if (state === undefined) return decision;
  const traceState = withoutThreshold(state);
  return traceState === state ? decision : { ...decision, traceState };
}
