import { bootstrapMean, createRandom, bootstrapPairedDifference, mean, type Interval } from '@tracelab/model';
import { binomialBounds, type CountBounds } from '../overhead/binomial.ts';
import {
  blocksOf,
  completeRounds,
  cpuUsPerRequest,
  pairsOf,
  requestsPerSecond,
  samplesOf,
  type Round,
} from '../overhead/paired-rounds.ts';
import type { Block, OverheadResult, WorkloadName, WorkloadResult } from '../overhead/result.ts';
import { BASELINE, COMPARISONS, CONTROL, type Variant, type VariantName } from '../overhead/variant.ts';
import { judgeControl, verdictOf, type Control } from './verdict.ts';

/** The table as numbers: computed from saved blocks alone, so that the same file always gives the same table. */
export interface WorkloadSummary {
  workload: WorkloadName;
  processesPerSet: number;
  restarts: number;
  rounds: number;
  warmUpMs: number;
  blockMs: number;
  /** On average: every start measures anew how many fit. */
  requestsPerBlock: number;
  rows: Row[];
  control: Control;
  failures: number;
  spansDropped: number;
}

export interface Row {
  variant: VariantName;
  cpuUsPerRequest: Interval;
  /** What the closed loop reached. */
  requestsPerSecond: number;
  /** Against `none` of the same round; absent in the row of `none` itself. */
  difference?: Difference;
  /** Only where the set has a tracer. */
  traces?: TraceCount;
  verdict: string;
}

interface Difference {
  addedUs: Interval;
  addedPercent: number;
  throughputPercent: Interval;
}

/** Traces that arrived, against those that requests and ratio let expect. */
export interface TraceCount {
  kept: number;
  rootless: number;
  spans: number;
  requests: number;
  ratio: number;
  bounds: CountBounds;
  isWithinBounds: boolean;
}

/** A correct sampler that loses nothing falls outside once in a thousand rows. */
const TRACES_CONFIDENCE = 0.999;

/** One summary for each workload that has a complete round. */
export function summarize(result: OverheadResult): WorkloadSummary[] {
  return result.workloads
    .map((workload) => summarizeWorkload(workload, COMPARISONS[result.comparison], result.seed))
    .filter((summary) => summary !== undefined);
}

function summarizeWorkload(
  measured: WorkloadResult,
  variants: readonly Variant[],
  seed: number,
): WorkloadSummary | undefined {
  const restarts = completeRounds(measured.blocks);
  const blocks = restarts.flat().flatMap((round) => [...round.values()].flat());
  if (blocks.length === 0) return undefined;
  const measuredVariants = new Set(blocks.map((block) => block.variant));
  const noneUs = meanCpu(restarts, BASELINE, seed).estimate;
  const control = judgeControl(differenceOf(restarts, CONTROL, seed).addedUs, noneUs);
  return {
    workload: measured.workload,
    processesPerSet: measured.processesPerSet,
    restarts: restarts.length,
    rounds: restarts.flat().length,
    warmUpMs: measured.warmUpMs,
    blockMs: measured.blockMs,
    requestsPerBlock: Math.round(total(blocks, (block) => block.requests) / blocks.length),
    rows: variants
      .filter((variant) => measuredVariants.has(variant.name))
      .map((variant) => rowOf(variant, restarts, control, seed)),
    control,
    failures: total(blocks, (block) => block.failures),
    spansDropped: total(blocks, (block) => block.spansDropped),
  };
}

function rowOf(variant: Variant, restarts: readonly Round[][], control: Control, seed: number): Row {
  const own = {
    variant: variant.name,
    cpuUsPerRequest: meanCpu(restarts, variant.name, seed),
    requestsPerSecond: mean(samplesOf(restarts, variant.name, requestsPerSecond).map(mean)),
  };
  if (variant.name === BASELINE) return { ...own, verdict: 'the baseline' };
  const difference = differenceOf(restarts, variant.name, seed);
  return {
    ...own,
    difference,
    ...(variant.ratio === undefined ? {} : { traces: countTraces(restarts, variant.name, variant.ratio) }),
    verdict: verdictOf(difference.addedUs, control),
  };
}

function differenceOf(restarts: readonly Round[][], name: VariantName, seed: number): Difference {
  const cpu = bootstrapPairedDifference(pairsOf(restarts, name, cpuUsPerRequest), { random: createRandom(seed) });
  const throughput = bootstrapPairedDifference(pairsOf(restarts, name, requestsPerSecond), {
    random: createRandom(seed),
  });
  return {
    addedUs: { estimate: cpu.estimate, low: cpu.low, high: cpu.high },
    addedPercent: cpu.relativeEstimate * 100,
    throughputPercent: {
      estimate: throughput.relativeEstimate * 100,
      low: throughput.relativeLow * 100,
      high: throughput.relativeHigh * 100,
    },
  };
}

function meanCpu(restarts: readonly Round[][], name: VariantName, seed: number): Interval {
  const samples = samplesOf(restarts, name, cpuUsPerRequest);
  const { estimate, low, high } = bootstrapMean(samples, { random: createRandom(seed) });
  return { estimate, low, high };
}

function countTraces(restarts: readonly Round[][], name: VariantName, ratio: number): TraceCount {
  const blocks = restarts.flat().flatMap((round) => blocksOf(round, name));
  const kept = total(blocks, (block) => block.traces);
  const requests = total(blocks, (block) => block.requests);
  const bounds = binomialBounds(requests, ratio, TRACES_CONFIDENCE);
  const isWithinBounds = kept >= bounds.low && kept <= bounds.high;
  const rootless = total(blocks, (block) => block.tracesRootless);
  const spans = total(blocks, (block) => block.spans);
  return { kept, rootless, spans, requests, ratio, bounds, isWithinBounds };
}

function total(blocks: readonly Block[], valueOf: (block: Block) => number): number {
  return blocks.reduce((sum, block) => sum + valueOf(block), 0);
}
