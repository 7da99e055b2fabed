import { FULLNESS_CALM } from '../decided-trace.ts';
import { thresholdOfShare } from '../probability/choose-share.ts';
import { higherOf } from '../probability/threshold.ts';
import type { Decide } from './decide.ts';

/** What is kept of a full one: 1/16, one more halving for each eighth. */
const HALVINGS_AT_FULL = 4;

/**
 * Under overload it keeps a share of what the policies keep, chosen by each trace's own randomness and falling as the store's queue fills, so that what
 * is stored still counts for all: a sender that is refused instead loses what nobody can weigh.
 */
export function sheddingBy(fullness: () => number, decide: Decide): Decide {
  return (trace, onError) => {
    const ruling = decide(trace, onError);
    if (ruling.decision !== 'sampled') return ruling;
    const share = shareUnder(fullness());
    if (share === 1) return ruling;
    const limit = thresholdOfShare(share, trace);
    const threshold = ruling.threshold === undefined ? undefined : higherOf(ruling.threshold, limit);
    if (trace.isRandomnessAtLeast(limit)) return { decision: 'sampled', threshold };
    return { decision: 'notSampled', threshold, isShed: true };
  };
}

function shareUnder(fullness: number): number {
  if (fullness <= FULLNESS_CALM) return 1;
  const overload = (Math.min(1, fullness) - FULLNESS_CALM) / (1 - FULLNESS_CALM);
  return 2 ** (-HALVINGS_AT_FULL * overload);
}
