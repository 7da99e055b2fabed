import { probabilityFromThreshold, THRESHOLD_NEVER, thresholdFromProbability, type Bits56 } from '@tracelab/protocol';
import type { TraceView } from '../../buffer/trace-view.ts';
import type { Verdict } from '../policy.ts';

/** Below it a budget that is spent lets still pass, so that nothing of the population can become invisible. */
export const PROBABILITY_FLOOR = 1 / 1024;

/** The choice that all samplers of a trace share: it passes from its randomness on. */
export function chooseByRandomness(trace: TraceView, threshold: Bits56): Verdict {
  return { vote: trace.isRandomnessAtLeast(threshold) ? 'sampled' : 'notSampled', threshold };
}

/** T of a share from 0 (nothing passes) to 1. */
export function thresholdOfShare(share: number): Bits56 {
  return share <= 0 ? THRESHOLD_NEVER : thresholdFromProbability(Math.min(1, share));
}

/** Where R lies, in per cent of all: a trace passes where that is at least 100 minus the share. */
export function percentileOf({ high, low }: Bits56): number {
  return (1 - probabilityFromThreshold({ high, low })) * 100;
}
