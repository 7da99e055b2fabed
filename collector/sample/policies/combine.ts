import { sampledIf, type PolicyContext, type VoteOn } from './policy.ts';

/**
 * Sampled where all are. The first that is not, or that could not say, is the answer: those behind it are not asked, so that their
 * limits are not spent.
 */
export function createAnd(votes: readonly VoteOn[]): VoteOn {
  return (trace) => {
    for (const voteOn of votes) {
      const vote = voteOn(trace);
      if (vote !== 'sampled') return vote;
    }
    return 'sampled';
  };
}

export function createNot(voteOn: VoteOn): VoteOn {
  return (trace) => {
    const vote = voteOn(trace);
    return vote === 'error' ? vote : sampledIf(vote === 'notSampled');
  };
}

export function createDrop(votes: readonly VoteOn[]): VoteOn {
  const all = createAnd(votes);
  return (trace) => {
    const vote = all(trace);
    return vote === 'sampled' ? 'dropped' : vote;
  };
}

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
    for (const sub of subPolicies) {
      const vote = sub.voteOn(trace);
      if (vote === 'error') return vote;
      if (vote !== 'sampled') continue;
      const spans = sub.spansSampled + trace.spanCount;
      observe(spans);
      if (spans > Math.min(sub.spansPerSecondMax, plan.spansPerSecondMax)) return 'notSampled';
      sub.spansSampled = spans;
      return vote;
    }
    return 'notSampled';
  };
}
