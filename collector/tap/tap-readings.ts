import { LAG_BUCKETS_S } from './decision-lag.ts';
import type { OperationStats } from './population.ts';

/** What the taps of one sampler, or of all, have counted. */
export interface TapReadings {
  /** Of one sampler at most those that its population tells apart; of all together at most the sum. */
  operations: readonly OperationStats[];
  lag: { counts: readonly number[]; sumS: number };
}

export function sumReadings(all: readonly TapReadings[]): TapReadings {
  return {
    operations: sumOperations(all.flatMap(({ operations }) => operations)),
    lag: {
      counts: sumCounts([LAG_BUCKETS_S.map(() => 0), ...all.map(({ lag }) => lag.counts)]),
      sumS: all.reduce((total, { lag }) => total + lag.sumS, 0),
    },
  };
}

function sumOperations(all: readonly OperationStats[]): OperationStats[] {
  const byKey = Map.groupBy(all, ({ service, name, kind }) => JSON.stringify([service, name, kind]));
  return [...byKey.values()].map((same) => same.reduce(addStats));
}

function addStats(one: OperationStats, other: OperationStats): OperationStats {
  return {
    ...one,
    calls: one.calls + other.calls,
    errors: one.errors + other.errors,
    callsEstimated: one.callsEstimated + other.callsEstimated,
    errorsEstimated: one.errorsEstimated + other.errorsEstimated,
    buckets: sumCounts([one.buckets, other.buckets]),
    durationNanoSum: one.durationNanoSum + other.durationNanoSum,
  };
}

function sumCounts(all: readonly (readonly number[])[]): number[] {
  const length = Math.max(...all.map((counts) => counts.length));
  return Array.from({ length }, (_, bucket) => all.reduce((total, counts) => total + (counts[bucket] ?? 0), 0));
}
