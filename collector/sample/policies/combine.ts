import { isDefinite, higherOf } from '../probability/threshold.ts';
import {
  NOT_SAMPLED,
  NOT_SAMPLED_SOMEHOW,
  SAMPLED,
  sampledIf,
  sampledSomehowIf,
  type Verdict,
  type VoteOn,
} from './policy.ts';

/**
 * Sampled where all are, with the highest of their thresholds. The first that is not, or that could not say, is the answer: those behind it
 * are not asked, so that their limits are not spent.
 */
export function createAnd(votes: readonly VoteOn[]): VoteOn {
  return (trace) => {
    let all = SAMPLED;
    for (const voteOn of votes) {
      const verdict = voteOn(trace);
      if (verdict.vote !== 'sampled') return verdict;
      all = both(all, verdict);
    }
    return all;
  };
}

/** Two that say sampled. */
function both(one: Verdict, other: Verdict): Verdict {
  if (one.threshold === undefined || other.threshold === undefined) return one.threshold === undefined ? one : other;
  return higherOf(one.threshold, other.threshold) === one.threshold ? one : other;
}

/** The inverse of a choice by chance is not "from a threshold on": its probability is unknown. */
export function createNot(voteOn: VoteOn): VoteOn {
  return (trace) => {
    const { vote, threshold } = voteOn(trace);
    if (vote === 'error') return { vote, threshold: undefined };
    const isNot = vote === 'notSampled';
    return isDefinite(threshold) ? sampledIf(isNot) : sampledSomehowIf(isNot);
  };
}

/** Where it does not drop it has no say; but a trace that chance has spared is kept with a probability that nobody knows. */
export function createDrop(votes: readonly VoteOn[]): VoteOn {
  const all = createAnd(votes);
  return (trace) => {
    const verdict = all(trace);
    if (verdict.vote === 'sampled') return { vote: 'dropped', threshold: verdict.threshold };
    if (verdict.vote === 'error') return verdict;
    return isDefinite(verdict.threshold) ? NOT_SAMPLED : NOT_SAMPLED_SOMEHOW;
  };
}
