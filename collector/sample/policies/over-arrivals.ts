import type { Bits56 } from '@tracelab/protocol';
import type { TraceView } from '../buffer/trace-view.ts';
import { ARRIVAL_LEVELS_MAX } from '../probability/arrival.ts';
import { NOT_SAMPLED_SOMEHOW, SAMPLED, SAMPLED_SOMEHOW, type Verdict, type VoteOn } from './policy.ts';

/** A trace is looked at once for each different threshold in it. */
const SPANS_MAX = 4096;

/**
 * A policy that looks at the trace alone, where the spans of one trace came with different probabilities: with a lower R the same trace would have come without
 * some of them. So it is asked of what arrives at each threshold of its spans, and votes from the lowest on from which it says sampled; where that is no "from there
 * on", or there are too many to ask, nobody knows how probable it was.
 */
export function overArrivals(voteOn: VoteOn): VoteOn {
  return (trace) => {
    const levels = trace.arrivalLevels;
    if (levels.length <= 1) return voteOn(trace);
    if (levels.length > ARRIVAL_LEVELS_MAX || trace.spanCount > SPANS_MAX) return somehow(voteOn(trace));
    const votes = votesByLevel(trace, voteOn);
    // The last of all, so that what it observes is what is explained.
    return weigh(voteOn(trace), votes, levels);
  };
}

/** The vote on all of the trace, by what it was with less of it. */
function weigh(verdict: Verdict, votes: readonly boolean[], levels: readonly Bits56[]): Verdict {
  const first = votes.indexOf(true);
  if (first < 0 && verdict.vote !== 'sampled') return verdict;
  const isFromThereOn = first >= 0 && !votes.includes(false, first);
  if (!isFromThereOn || verdict.vote !== 'sampled') return somehow(verdict);
  return first === 0 ? SAMPLED : { vote: 'sampled', threshold: levels[first] };
}

function votesByLevel(trace: TraceView, voteOn: VoteOn): boolean[] {
  try {
    return trace.arrivalLevels.map((level) => voteOn(trace.upTo(level)).vote === 'sampled');
  } finally {
    trace.upTo(undefined);
  }
}

function somehow(verdict: Verdict): Verdict {
  if (verdict.vote === 'error') return verdict;
  return verdict.vote === 'sampled' ? SAMPLED_SOMEHOW : NOT_SAMPLED_SOMEHOW;
}
