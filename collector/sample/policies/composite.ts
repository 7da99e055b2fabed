import { isDefinite } from '../probability/threshold.ts';
import { NOT_SAMPLED, NOT_SAMPLED_SOMEHOW, sampledSomehowIf, type PolicyContext, type VoteOn } from './policy.ts';

export interface CompositePlan {
  spansPerSecondMax: number;
  subPolicies: readonly { voteOn: VoteOn; spansPerSecondMax: number }[];
}

/**
 * contrib's composite (composite.go): the first sub-policy that says sampled decides within its own spans of the current second; over
 * them the trace is not sampled and nobody else is asked. The total is compared with that sub-policy's spans, not with the sum (#36959).
 * Observed are the spans of the sub-policy that matched in this second, with those of the trace.
 */
export function createComposite(plan: CompositePlan, { nowMs, observe }: PolicyContext): VoteOn {
  const subPolicies = plan.subPolicies.map((sub) => ({ ...sub, spansSampled: 0 }));
  let second = Number.NaN;
  return (trace) => {
    const secondNow = Math.floor(nowMs() / 1000);
    if (second !== secondNow) for (const sub of subPolicies) sub.spansSampled = 0;
    second = secondNow;
    let isByChance = false;
    for (const sub of subPolicies) {
      const verdict = sub.voteOn(trace);
      if (verdict.vote === 'error') return verdict;
      isByChance ||= !isDefinite(verdict.threshold);
      if (verdict.vote !== 'sampled') continue;
      const spans = sub.spansSampled + trace.spanCount;
      observe(spans);
      const isWithin = spans <= Math.min(sub.spansPerSecondMax, plan.spansPerSecondMax);
      if (isWithin) sub.spansSampled = spans;
      return sampledSomehowIf(isWithin);
    }
    return isByChance ? NOT_SAMPLED_SOMEHOW : NOT_SAMPLED;
  };
}
