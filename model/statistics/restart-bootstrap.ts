import type { Random } from '@tracelab/protocol';
import { intervalFromResamples } from './interval.ts';
import type { IntervalEstimate } from './interval.ts';
import { resampleRestarts } from './resample.ts';
import { mean } from './summary.ts';

/** Two blocks measured within seconds of each other, in the same unit. */
export interface BlockPair {
  variant: number;
  baseline: number;
}

/** The pairs of one start of the processes. */
export interface PairedRestart {
  pairs: readonly BlockPair[];
}

export interface BootstrapOptions {
  random: Random;
  /** @default 2000 */
  resamplesCount?: number;
}

/** The difference variant - baseline in their unit, and as a share of the baseline (0.05 is 5 %). */
export interface PairedDifference extends IntervalEstimate {
  relativeEstimate: number;
  relativeLow: number;
  relativeHigh: number;
  restartCount: number;
  pairCount: number;
}

const RESAMPLES_COUNT = 2000;

/**
 * What the variant adds, with 95 % intervals that cover restarts which were not measured too (Kalibera and Jones, ISMM
 * '13). Every restart counts the same, however many pairs it has. Throws a RangeError for no restart, a restart without
 * pairs, or a value that is not finite.
 */
export function bootstrapPairedDifference(
  restarts: readonly PairedRestart[],
  options: BootstrapOptions,
): PairedDifference {
  const pairs = restarts.map((restart) => restart.pairs);
  check(pairs, (pair) => Number.isFinite(pair.variant) && Number.isFinite(pair.baseline));
  // Restarts are drawn whole, so each is its mean from the start.
  const means = pairs.map((ofRestart) => ({
    variant: mean(ofRestart.map((pair) => pair.variant)),
    baseline: mean(ofRestart.map((pair) => pair.baseline)),
  }));
  const measured = comparePairs(means);
  const resampled = resample(means, options, comparePairs);
  const relative = intervalFromResamples(
    measured.relative,
    resampled.map((sample) => sample.relative),
    restarts.length,
  );
  const difference = intervalFromResamples(
    measured.difference,
    resampled.map((sample) => sample.difference),
    restarts.length,
  );
  return {
    ...difference,
    relativeEstimate: relative.estimate,
    relativeLow: relative.low,
    relativeHigh: relative.high,
    restartCount: restarts.length,
    pairCount: pairs.flat().length,
  };
}

/** The same for one number for each block: the mean of the restarts' means. Throws as `bootstrapPairedDifference` does. */
export function bootstrapMean(
  samplesByRestart: readonly (readonly number[])[],
  options: BootstrapOptions,
): IntervalEstimate {
  check(samplesByRestart, Number.isFinite);
  const means = samplesByRestart.map(mean);
  return intervalFromResamples(mean(means), resample(means, options, mean), samplesByRestart.length);
}

function resample<Restart, Statistic>(
  restarts: readonly Restart[],
  options: BootstrapOptions,
  compute: (drawn: readonly Restart[]) => Statistic,
): Statistic[] {
  const count = options.resamplesCount ?? RESAMPLES_COUNT;
  return Array.from({ length: count }, () => compute(resampleRestarts(restarts, options.random)));
}

function comparePairs(restarts: readonly BlockPair[]): { difference: number; relative: number } {
  const variant = mean(restarts.map((restart) => restart.variant));
  const baseline = mean(restarts.map((restart) => restart.baseline));
  return { difference: variant - baseline, relative: variant / baseline - 1 };
}

function check<Block>(restarts: readonly (readonly Block[])[], isValid: (block: Block) => boolean): void {
  if (restarts.length === 0) throw new RangeError('a bootstrap needs at least one restart: there was none');
  restarts.forEach((blocks, index) => {
    if (blocks.length === 0) throw new RangeError(`every restart needs at least one block: restart ${index} has none`);
    if (!blocks.every((block) => isValid(block))) {
      throw new RangeError(`every value should be a finite number: restart ${index} has one that is not`);
    }
  });
}
