import {
  probabilityFromThreshold,
  PROBABILITY_MIN,
  THRESHOLD_ALWAYS,
  THRESHOLD_NEVER,
  thresholdFromProbability,
  type Bits56,
} from '@tracelab/protocol';
import type { TraceView } from '../buffer/trace-view.ts';
import type { Threshold } from './threshold.ts';

/**
 * T that keeps a share, 0 to 1, of the traces like this one that arrive: in proportion to how probable it is that one does, so that a quarter of what a
 * head sampler of 1/16 lets through is 1/64. Where that is unknown, everything is taken to arrive.
 */
export function thresholdOfShare(share: number, { arrivalThreshold }: Pick<TraceView, 'arrivalThreshold'>): Bits56 {
  return share >= 1 ? THRESHOLD_ALWAYS : thresholdOfArriving(share, arrivalThreshold);
}

/** T of a share, above 0 to 1, of what arrives by this threshold; rounded as protocol does it unless told otherwise. Too little to have one is never. */
export function thresholdOfArriving(share: number, arrivalThreshold: Threshold, precisionDigits?: number): Bits56 {
  const probability = share * probabilityFromThreshold(arrivalThreshold ?? THRESHOLD_ALWAYS);
  return probability < PROBABILITY_MIN ? THRESHOLD_NEVER : thresholdFromProbability(probability, precisionDigits);
}
