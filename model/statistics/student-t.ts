/** Two-sided 95 % quantiles of Student's t for 1 to 30 degrees of freedom. */
const T_BY_DEGREES: readonly number[] = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11,
  2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];

/** The same quantile of the normal distribution, where t ends for many degrees of freedom. */
export const NORMAL_QUANTILE_95 = 1.959_964;

/** How many standard errors a 95 % interval reaches to each side; infinite below one degree of freedom. */
export function studentQuantile95(degreesOfFreedom: number): number {
  if (degreesOfFreedom < 1) return Number.POSITIVE_INFINITY;
  const z = NORMAL_QUANTILE_95;
  // Beyond the table the first terms of the asymptotic series are exact to three decimals (Abramowitz and Stegun, 26.7.5).
  const first = (z ** 3 + z) / (4 * degreesOfFreedom);
  const second = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * degreesOfFreedom ** 2);
  return T_BY_DEGREES[Math.floor(degreesOfFreedom) - 1] ?? z + first + second;
}
