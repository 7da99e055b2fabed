import { OT_KEY, formatThreshold, isAtLeast, thresholdFromProbability } from '@tracelab/protocol';
import type { TraceState } from '@opentelemetry/api';
import { MemberTraceState } from '../propagate/trace-state.ts';
import type { TraceId } from '../span/trace-id.ts';
import { NOT_SAMPLED, SAMPLED } from './sampler.ts';
import type { Sampler, SamplingResult } from './sampler.ts';
import { randomnessOf, withConsistentThreshold, withThreshold, withoutThreshold } from './threshold-state.ts';

/**
 * Keeps a trace where R >= T (specification, tracestate-probability-sampling), as every participant with this or a higher
 * probability does, and writes `ot=th:T` into the tracestate, so that whoever counts kept spans knows what one stands
 * for. Probability 1 neither adds nor changes a threshold (OTEP 235). It ignores the parent's decision: wrap it in
 * parent-based, which passes the threshold on. Throws a RangeError for a probability outside of 2^-56 to 1.
 */
export function createProbabilitySampler(probability: number): Sampler {
  const threshold = thresholdFromProbability(probability);
  const { high, low } = threshold;
  const isAlways = high === 0 && low === 0;
  const text = formatThreshold(threshold);
  const kept: SamplingResult = isAlways
    ? SAMPLED
    : { isSampled: true, traceState: new MemberTraceState([{ key: OT_KEY, value: `th:${text}` }]) };
  const sampleWith = (traceId: TraceId, state: TraceState): SamplingResult => {
    const isKept = isAtLeast(randomnessOf(traceId, state), threshold);
    if (!isKept) return { isSampled: false, traceState: withoutThreshold(state) };
    const traceState = isAlways ? withConsistentThreshold(traceId, state) : withThreshold(state, text);
    return { isSampled: true, traceState };
  };
  return {
    sample: (traceId, parent) => {
      if (parent?.traceState !== undefined) return sampleWith(traceId, parent.traceState);
      return traceId.isRandomnessAtLeast(high, low) ? kept : NOT_SAMPLED;
    },
    toString: () => `ProbabilitySampler{${probability}}`,
  };
}
