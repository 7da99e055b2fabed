import { probabilityFromThreshold, type Bits56 } from '@tracelab/protocol';
import type { TraceView } from '../../buffer/trace-view.ts';
import type { Verdict } from '../policy.ts';

/** The choice that all samplers of a trace share: it passes from its randomness on. */
export function chooseByRandomness(trace: TraceView, threshold: Bits56): Verdict {
  return { vote: trace.isRandomnessAtLeast(threshold) ? 'sampled' : 'notSampled', threshold };
}

/** How many of all traces, in per cent, have a randomness of at least this. */
export function percentAbove(randomness: Bits56): number {
  return probabilityFromThreshold(randomness) * 100;
}
