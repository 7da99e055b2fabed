import { studentQuantile95 } from './student-t.ts';
import { standardDeviation } from './summary.ts';

/** An estimate with its 95 % interval, all in the unit of the input. Infinite bounds: one restart says nothing about the next. */
export interface Interval {
  estimate: number;
  low: number;
  high: number;
}

export interface IntervalEstimate extends Interval {
  /** Of the estimate, over restarts; infinite for one restart. */
  standardError: number;
}

/**
 * A t interval whose standard error comes from the resampled estimates. The bare percentile interval of a bootstrap holds
 * the truth too rarely with few restarts: k restarts show too little variance by (k - 1) / k, and its tails end at the
 * restarts that were drawn. So the variance is mended by k / (k - 1), and t with k - 1 degrees of freedom gives the tails.
 */
export function intervalFromResamples(
  estimate: number,
  resampled: readonly number[],
  restartCount: number,
): IntervalEstimate {
  if (restartCount < 2) {
    const infinite = Number.POSITIVE_INFINITY;
    return { estimate, low: -infinite, high: infinite, standardError: infinite };
  }
  const standardError = standardDeviation(resampled) * Math.sqrt(restartCount / (restartCount - 1));
  const reach = studentQuantile95(restartCount - 1) * standardError;
  return { estimate, low: estimate - reach, high: estimate + reach, standardError };
}

/**
 * What a run like this one could not have seen: how far the interval of its control row, which compares two equal things,
 * reaches from zero, so that a bias of the run counts as well as its noise. A difference below it is "no difference seen",
 * never "no difference".
 */
export function minimumDetectableEffect(control: { low: number; high: number }): number {
  return Math.max(Math.abs(control.low), Math.abs(control.high));
}
