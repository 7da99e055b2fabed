import { studentQuantile95 } from './student-t.ts';
import { mean } from './summary.ts';

/** What two variants of one restart add to the same baseline, in the same unit. */
export interface AddedPair {
  numerator: number;
  denominator: number;
}

/** Infinite bounds: one restart, or a denominator that may be zero. */
export interface RatioEstimate {
  estimate: number;
  low: number;
  high: number;
}

/**
 * How many times the one cost is of the other, with Fieller's 95 % interval over restarts: all ratios r for which the mean
 * of numerator - r * denominator cannot be told from zero by a t test. It keeps that both were measured against the same
 * baseline. Where the denominator itself cannot be told from zero, there is no bounded interval. Throws a RangeError for no
 * restart.
 */
export function ratioOfAdded(restarts: readonly AddedPair[]): RatioEstimate {
  if (restarts.length === 0) throw new RangeError('a ratio needs at least one restart: there was none');
  const top = mean(restarts.map((restart) => restart.numerator));
  const bottom = mean(restarts.map((restart) => restart.denominator));
  const estimate = top / bottom;
  const tSquared = studentQuantile95(restarts.length - 1) ** 2;
  // Variances of the means, times t squared; NaN or infinite for one restart, which the comparison below refuses.
  const scale = tSquared / (restarts.length * (restarts.length - 1));
  const spread = (of: (restart: AddedPair) => number): number =>
    scale * restarts.reduce((sum, restart) => sum + of(restart), 0);
  const topVariance = spread(({ numerator }) => (numerator - top) ** 2);
  const bottomVariance = spread(({ denominator }) => (denominator - bottom) ** 2);
  const covariance = spread(({ numerator, denominator }) => (numerator - top) * (denominator - bottom));
  const square = bottom ** 2 - bottomVariance;
  if (!(square > 0)) return { estimate, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
  const center = (top * bottom - covariance) / square;
  const reach = Math.sqrt(Math.max(0, center ** 2 - (top ** 2 - topVariance) / square));
  return { estimate, low: center - reach, high: center + reach };
}
