import type { IntervalEstimate } from './interval.ts';
import { studentQuantile, studentTwoSidedP } from './student-t.ts';
import { mean, standardDeviation } from './summary.ts';

/** What the second sample has more than the first, in their unit. */
export interface DifferenceOfMeans extends IntervalEstimate {
  /** Two-sided, of this difference alone: not corrected for how many are looked at. */
  p: number;
}

/**
 * The difference second - first of two independent samples whose variances need not be equal: Welch's statistic, held against t
 * with the degrees of freedom of the smaller sample. That bound never claims too often, however far into the tails and
 * however different the variances (Mickey and Brown, Ann. Math. Stat. 1966). Satterthwaite's degrees do: with twelve restarts
 * against four noisier ones and twenty cells, 12.6 % of equal runs differed. One value for each restart, since only restarts
 * are independent. Infinite bounds and p = 1 where a sample has less than two values. Throws a RangeError for an empty sample
 * or a value that is not finite.
 */
export function differenceOfMeans(
  first: readonly number[],
  second: readonly number[],
  confidence: number,
): DifferenceOfMeans {
  if ([first, second].some((sample) => sample.length === 0 || !sample.every(Number.isFinite)))
    throw new RangeError('a difference of means needs samples of at least one value, all of them finite numbers');
  const estimate = mean(second) - mean(first);
  const degreesOfFreedom = Math.min(first.length, second.length) - 1;
  if (degreesOfFreedom < 1) {
    const infinite = Number.POSITIVE_INFINITY;
    return { estimate, low: -infinite, high: infinite, standardError: infinite, p: 1 };
  }
  const standardError = Math.sqrt(varianceOfMean(first) + varianceOfMean(second));
  const reach = studentQuantile(confidence, degreesOfFreedom) * standardError;
  const t = estimate === 0 ? 0 : estimate / standardError;
  const p = studentTwoSidedP(t, degreesOfFreedom);
  return { estimate, low: estimate - reach, high: estimate + reach, standardError, p };
}

/** The confidence of each of so many intervals with which all of them together hold the truth in 95 % of all cases (Bonferroni). */
export function simultaneousConfidence(count: number): number {
  return 1 - 0.05 / count;
}

function varianceOfMean(sample: readonly number[]): number {
  return standardDeviation(sample) ** 2 / sample.length;
}
