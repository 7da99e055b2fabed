import type { IntervalEstimate } from './interval.ts';
import { studentQuantile95 } from './student-t.ts';
import { mean } from './summary.ts';

/** What one of several studies found, with the standard error of that. */
export interface Study {
  estimate: number;
  standardError: number;
}

/** The mean over all studies that could have been made, with a 95 % interval, in the unit of the studies. */
export interface PooledEstimate extends IntervalEstimate {
  /** How far true values differ from study to study: a standard deviation. */
  tau: number;
  /** Share of the seen differences between studies that their own noise does not explain, from 0 to 1. */
  iSquared: number;
  /** Where a further study's true value is to be expected in 95 % of cases; absent for less than three studies. */
  prediction?: { low: number; high: number };
  /** What each study counts for; together 1. */
  weights: number[];
}

/**
 * Random effects: the studies' true values differ too, and each is weighted by 1 / (its variance + tau²). tau² is Paule and
 * Mandel's (1982; recommended by Veroniki et al., Res. Synth. Methods 2016, beside REML): the one with which the weighted squares
 * are what chance lets expect. The interval is Hartung and Knapp's with t of k - 1 degrees, never narrower than without their
 * factor (Röver, Knapp and Friede, BMC Med. Res. Methodol. 2015); with this tau² the factor is 1 at most, so nothing of it is
 * left to compute. Where the residuals tell a larger standard error (Sidik and Jonkman, Comput. Stat. Data Anal. 2006), that
 * one counts: the weights come from few restarts and are estimates themselves. Prediction: Higgins, Thompson and
 * Spiegelhalter, J. R. Stat. Soc. A 2009. Throws a RangeError for less than two studies, or where an estimate is not finite or a
 * standard error not above 0.
 */
export function poolRandomEffects(studies: readonly Study[]): PooledEstimate {
  if (studies.length < 2) throw new RangeError(`pooling needs at least two studies: there were ${studies.length}`);
  for (const { estimate, standardError } of studies)
    if (!Number.isFinite(estimate) || !(standardError > 0 && Number.isFinite(standardError)))
      throw new RangeError(
        `every study should have a finite estimate and a standard error above 0: was ${estimate} ± ${standardError}`,
      );
  const spare = studies.length - 1;
  const tauSquared = pauleMandel(studies);
  const weights = weightsOf(studies, tauSquared);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const shares = weights.map((weight) => weight / sum);
  const estimate = centerOf(studies, weights);
  const standardError = Math.max(Math.sqrt(1 / sum), errorOfResiduals(studies, shares, estimate));
  const reach = studentQuantile95(spare) * standardError;
  const predictionReach = studentQuantile95(spare - 1) * Math.sqrt(tauSquared + standardError ** 2);
  return {
    estimate,
    low: estimate - reach,
    high: estimate + reach,
    standardError,
    tau: Math.sqrt(tauSquared),
    iSquared: Math.max(0, 1 - spare / weightedSquares(studies, 0)),
    ...(studies.length < 3
      ? {}
      : { prediction: { low: estimate - predictionReach, high: estimate + predictionReach } }),
    weights: shares,
  };
}

/** Each residual is enlarged by what its own study drew the estimate towards it. */
function errorOfResiduals(studies: readonly Study[], shares: readonly number[], center: number): number {
  const squares = studies.map(({ estimate }, index) => {
    const share = shares[index] ?? 0;
    return (share * (estimate - center)) ** 2 / (1 - share);
  });
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0));
}

/** The tau² at which the weighted squares are k - 1; they fall with it, so halving finds it. 0 where they start below. */
function pauleMandel(studies: readonly Study[]): number {
  const expected = studies.length - 1;
  if (weightedSquares(studies, 0) <= expected) return 0;
  let [low, high] = [0, mean(studies.map(({ standardError }) => standardError ** 2))];
  while (weightedSquares(studies, high) > expected) high *= 2;
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (weightedSquares(studies, middle) > expected) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Cochran's Q with the weights of this tau². */
function weightedSquares(studies: readonly Study[], tauSquared: number): number {
  const weights = weightsOf(studies, tauSquared);
  const center = centerOf(studies, weights);
  return studies.reduce((sum, { estimate }, index) => sum + (weights[index] ?? 0) * (estimate - center) ** 2, 0);
}

function weightsOf(studies: readonly Study[], tauSquared: number): number[] {
  return studies.map(({ standardError }) => 1 / (standardError ** 2 + tauSquared));
}

function centerOf(studies: readonly Study[], weights: readonly number[]): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return studies.reduce((sum, { estimate }, index) => sum + (weights[index] ?? 0) * estimate, 0) / total;
}
