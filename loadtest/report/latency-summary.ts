import { bootstrapMean, bootstrapPairedDifference, createRandom, median, type Interval } from '@tracelab/model';
import { quantile } from '../measure/quantile.ts';
import { isKeptUp, type LatencyBlock } from '../overhead/latency-block.ts';
import type { WorkloadResult } from '../overhead/result.ts';
import type { Variant, VariantName } from '../overhead/variant.ts';

export interface LatencySummary {
  requestsPerSecond: number;
  requestsPerBlock: number;
  rows: LatencyRow[];
  /** Blocks left out because the sender was late or requests failed. */
  blocksLeftOut: number;
}

export interface LatencyRow {
  variant: VariantName;
  /** Blocks that kept up, and are in the figures. */
  blocks: number;
  /** Median over the blocks of a restart, mean over restarts; absent where no block kept up. */
  p50Us?: Interval;
  p99Us?: Interval;
  cpuUsPerRequest?: Interval;
  /** p99 over that of `none`. */
  p99Ratio?: Interval;
}

/** Undefined where no latencies were measured. */
export function summarizeLatency(
  { latency }: WorkloadResult,
  variants: readonly Variant[],
  seed: number,
): LatencySummary | undefined {
  if (latency === undefined || latency.blocks.length === 0) return undefined;
  const kept = latency.blocks.filter(isKeptUp);
  const names = new Set(latency.blocks.map((block) => block.variant));
  return {
    requestsPerSecond: latency.requestsPerSecond,
    requestsPerBlock: Math.max(...latency.blocks.map((block) => block.latenciesUs.length + block.failures)),
    rows: variants
      .filter(({ name }) => names.has(name))
      .map(({ name }) => rowOf(kept, { variant: name, baseline: variants[0]?.name ?? '' }, seed)),
    blocksLeftOut: latency.blocks.length - kept.length,
  };
}

function rowOf(
  kept: readonly LatencyBlock[],
  { variant, baseline }: { variant: VariantName; baseline: VariantName },
  seed: number,
): LatencyRow {
  const [p50s, p99s] = [medianByRestart(kept, variant, p50Of), medianByRestart(kept, variant, p99Of)];
  const row = { variant, blocks: kept.filter((block) => block.variant === variant).length };
  if (p99s.size === 0) return row;
  const p99Ratio = variant === baseline ? undefined : ratioOf(p99s, medianByRestart(kept, baseline, p99Of), seed);
  return {
    ...row,
    p50Us: meanOf(p50s, seed),
    p99Us: meanOf(p99s, seed),
    cpuUsPerRequest: meanOf(medianByRestart(kept, variant, cpuOf), seed),
    ...(p99Ratio === undefined ? {} : { p99Ratio }),
  };
}

const p50Of = (block: LatencyBlock): number => quantile(block.latenciesUs, 0.5);
const p99Of = (block: LatencyBlock): number => quantile(block.latenciesUs, 0.99);
const cpuOf = (block: LatencyBlock): number => block.cpuUs / block.requestsSent;

/** A stall of the machine spoils one block, and so not the median of a restart. */
function medianByRestart(
  blocks: readonly LatencyBlock[],
  variant: VariantName,
  valueOf: (block: LatencyBlock) => number,
): ReadonlyMap<number, number> {
  const byRestart = Map.groupBy(
    blocks.filter((block) => block.variant === variant),
    (block) => block.restart,
  );
  return new Map([...byRestart].map(([restart, group]) => [restart, median(group.map(valueOf))]));
}

function meanOf(values: ReadonlyMap<number, number>, seed: number): Interval {
  const { estimate, low, high } = bootstrapMean(
    [...values.values()].map((value) => [value]),
    { random: createRandom(seed) },
  );
  return { estimate, low, high };
}

/** Over the restarts in which both kept up. */
function ratioOf(
  values: ReadonlyMap<number, number>,
  baselines: ReadonlyMap<number, number>,
  seed: number,
): Interval | undefined {
  const restarts = [...values].flatMap(([restart, variant]) => {
    const baseline = baselines.get(restart);
    return baseline === undefined ? [] : [{ pairs: [{ variant, baseline }] }];
  });
  if (restarts.length === 0) return undefined;
  const difference = bootstrapPairedDifference(restarts, { random: createRandom(seed) });
  return {
    estimate: 1 + difference.relativeEstimate,
    low: 1 + difference.relativeLow,
    high: 1 + difference.relativeHigh,
  };
}
