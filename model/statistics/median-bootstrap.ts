import type { Random } from '@tracelab/protocol';
import type { Interval } from './interval.ts';
import { median } from './summary.ts';

export interface StatisticOptions {
  random: Random;
  /** @default 2000 */
  resamplesCount?: number;
}

const RESAMPLES_COUNT = 2000;
const TAIL = 0.025;

/**
 * The percentile interval of any statistic over rounds that are independent of each other: rounds are drawn with
 * replacement, each with all that was measured in it. It covers the rounds of this run, not the next start of the process
 * (`bootstrapPairedDifference` does), and somewhat too little with few (91 % with 15). Throws a RangeError without rounds.
 */
export function bootstrapStatistic<Round>(
  rounds: readonly Round[],
  statistic: (drawn: readonly Round[]) => number,
  options: StatisticOptions,
): Interval {
  if (rounds.length === 0) throw new RangeError('a bootstrap needs at least one round: there was none');
  const resampled: number[] = [];
  for (let left = options.resamplesCount ?? RESAMPLES_COUNT; left > 0; left--) {
    resampled.push(statistic(draw(rounds, options.random)));
  }
  resampled.sort((one, other) => one - other);
  return { estimate: statistic(rounds), low: quantile(resampled, TAIL), high: quantile(resampled, 1 - TAIL) };
}

/** The same for the median of one number for each round. */
export function bootstrapMedian(samples: readonly number[], options: StatisticOptions): Interval {
  return bootstrapStatistic(samples, median, options);
}

function draw<Round>(rounds: readonly Round[], random: Random): Round[] {
  return rounds.map((round) => rounds[Math.floor(random.next() * rounds.length)] ?? round);
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
