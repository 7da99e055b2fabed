import { probabilityFromThreshold, type Bits56 } from '@tracelab/protocol';
import type { IntervalEstimate } from './interval.ts';

/** What was kept of one trace. */
export interface KeptTrace {
  /** T that it was kept by, from the `th` of its spans. */
  threshold: Bits56;
  /** How many of what is counted it has: 1 for traces, its matching spans for spans. */
  count: number;
}

/** Of the normal distribution: 95 % lie within. */
const REACH = 1.96;

/**
 * How many there were before sampling, with a 95 % interval (Horvitz and Thompson; traces are the clusters that are drawn):
 *
 *     N^ = sum y/p      Var^ = sum (1 - p) / p^2 * y^2
 *
 * Unbiased where each trace was kept with its own known p > 0. The interval is that of the normal distribution: with fewer than some thirty kept
 * traces it holds the truth too rarely.
 */
export function estimateCount(kept: readonly KeptTrace[]): IntervalEstimate {
  let estimate = 0;
  let variance = 0;
  for (const { threshold, count } of kept) {
    const probability = probabilityFromThreshold(threshold);
    estimate += count / probability;
    variance += ((1 - probability) / probability ** 2) * count ** 2;
  }
  const standardError = Math.sqrt(variance);
  return { estimate, low: estimate - REACH * standardError, high: estimate + REACH * standardError, standardError };
}
