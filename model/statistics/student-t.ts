/** The two-sided 95 % quantile of the normal distribution, where t ends for many degrees of freedom. */
export const NORMAL_QUANTILE_95 = 1.959_964;

/** Two-sided 95 % quantiles of whole degrees of freedom: bootstraps ask for the same few again and again. */
const quantiles95 = new Map<number, number>();
const DEGREES_KEPT_MAX = 1000;

/** How many standard errors a 95 % interval reaches to each side; infinite below one degree of freedom. */
export function studentQuantile95(degreesOfFreedom: number): number {
  const known = quantiles95.get(degreesOfFreedom);
  if (known !== undefined) return known;
  const quantile = studentQuantile(0.95, degreesOfFreedom);
  if (quantiles95.size < DEGREES_KEPT_MAX) quantiles95.set(degreesOfFreedom, quantile);
  return quantile;
}

/**
 * The value that |t| stays below with this probability, such as 0.95; infinite below one degree of freedom, where an interval
 * would say nothing. Exact to ten digits. Degrees need not be whole: Welch's are not.
 */
export function studentQuantile(confidence: number, degreesOfFreedom: number): number {
  if (!(degreesOfFreedom >= 1)) return Number.POSITIVE_INFINITY;
  const tail = 1 - confidence;
  let [low, high] = [0, 1];
  while (studentTwoSidedP(high, degreesOfFreedom) > tail) high *= 2;
  // Halves until the two are neighbours: 60 steps reach the last bit.
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (studentTwoSidedP(middle, degreesOfFreedom) > tail) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** How often |t| would be at least as large if there were nothing to see: the p-value of a two-sided t test. */
export function studentTwoSidedP(t: number, degreesOfFreedom: number): number {
  if (!(degreesOfFreedom > 0)) return 1;
  if (!Number.isFinite(t)) return 0;
  // Abramowitz and Stegun, 26.5.27. The second argument is 1 - x in a form that keeps its digits where x is near 1.
  const sum = degreesOfFreedom + t ** 2;
  return incompleteBeta({ x: degreesOfFreedom / sum, complement: t ** 2 / sum }, degreesOfFreedom / 2, 0.5);
}

/** The regularised incomplete beta function; its continued fraction converges fast on one side of the mean only. */
function incompleteBeta({ x, complement }: { x: number; complement: number }, a: number, b: number): number {
  if (x <= 0) return 0;
  if (complement <= 0) return 1;
  const logFront = logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(complement);
  const front = Math.exp(logFront);
  return x < (a + 1) / (a + b + 2)
    ? (front * betaFraction(x, a, b)) / a
    : 1 - (front * betaFraction(complement, b, a)) / b;
}

const FRACTION_STEPS_MAX = 10_000;
const PRECISION = 1e-15;
const TINY = 1e-300;

/** Abramowitz and Stegun, 26.5.8, from the front by Lentz's method. */
function betaFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m <= FRACTION_STEPS_MAX; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    let factor = 1;
    for (const term of [even, odd]) {
      d = 1 / awayFromZero(1 + term * d);
      c = awayFromZero(1 + term / c);
      factor = c * d;
      value *= factor;
    }
    if (Math.abs(factor - 1) < PRECISION) break;
  }
  return value;
}

function awayFromZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}

/** Stirling's series (Abramowitz and Stegun, 6.1.41) after lifting the argument to where its terms are exact. */
function logGamma(value: number): number {
  let [lifted, product] = [value, 1];
  while (lifted < 12) {
    product *= lifted;
    lifted++;
  }
  const inverse = 1 / lifted;
  const square = inverse ** 2;
  const series = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square / 1188))));
  return (lifted - 0.5) * Math.log(lifted) - lifted + 0.5 * Math.log(2 * Math.PI) + series - Math.log(product);
}
