import { bootstrapMean, createRandom, mean, slope, type Interval, type PairedRestart } from '@tracelab/model';
import type { Variant, VariantName } from '../overhead/variant.ts';
import { formatAdded } from './verdict.ts';

/** What a tracer costs as a straight line over its sampling rate: why the cost falls with the rate, and why not to nothing. */
export interface RateTrend {
  /** Of each request, sampled or not: the line at rate 0. */
  eachRequestUs: Interval;
  /** Of each sampled request, on top. */
  eachSampledUs: Interval;
}

/** Three points at least: two make a line of any noise. */
const RATES_MIN = 3;

/**
 * Least squares over the rates of the lab's tracer within each restart, then the interval over restarts: a line is fitted
 * linearly, so its mean over restarts is the line of the means. Undefined where fewer than three rates were measured.
 */
export function trendOf(
  variants: readonly Variant[],
  pairsOf: (variant: VariantName) => readonly PairedRestart[],
  seed: number,
): RateTrend | undefined {
  const rates = variants.filter(({ tracer, ratio }) => tracer === 'lab' && ratio !== undefined);
  if (rates.length < RATES_MIN) return undefined;
  const addedByRate = rates.map(({ name, ratio = 0 }) => ({ ratio, addedUs: pairsOf(name).map(addedOf) }));
  const restarts = addedByRate[0]?.addedUs.keys() ?? [];
  const lines = [...restarts].map((restart) =>
    lineThrough(addedByRate.map(({ ratio, addedUs }) => ({ x: ratio, y: addedUs[restart] ?? Number.NaN }))),
  );
  const over = (values: readonly number[]): Interval => {
    const { estimate, low, high } = bootstrapMean(
      values.map((value) => [value]),
      { random: createRandom(seed) },
    );
    return { estimate, low, high };
  };
  return {
    eachRequestUs: over(lines.map((line) => line.atZero)),
    eachSampledUs: over(lines.map((line) => line.slope)),
  };
}

/** One or two sentences under the table. */
export function describeTrend({ eachRequestUs, eachSampledUs }: RateTrend): string {
  const parts = `A straight line over the rates: ${formatAdded(eachRequestUs)} µs for each request, sampled or not, and ${formatAdded(eachSampledUs)} µs more for each sampled one.`;
  const falls = eachSampledUs.low > 0;
  const rest = eachRequestUs.low > 0;
  if (falls && rest)
    return `${parts} So the cost falls with the rate, but not to nothing: an unsampled request carries its context too.`;
  if (falls) return `${parts} So the cost falls with the rate; what an unsampled request pays is not seen here.`;
  return `${parts} That the cost falls with the rate is not seen here: what a sampled request costs more is within the noise.`;
}

function addedOf({ pairs }: PairedRestart): number {
  return mean(pairs.map(({ variant, baseline }) => variant - baseline));
}

function lineThrough(points: readonly { x: number; y: number }[]): { atZero: number; slope: number } {
  const rise = slope(points);
  return { atZero: mean(points.map(({ y }) => y)) - rise * mean(points.map(({ x }) => x)), slope: rise };
}
