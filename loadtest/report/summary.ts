import { bootstrapMean, createRandom, mean, type Interval } from '@tracelab/model';
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
import type { Block, Design, OverheadResult, WorkloadName, WorkloadResult } from '../overhead/result.ts';
import type { Variant, VariantName } from '../overhead/variant.ts';
import { WORKLOADS } from '../overhead/workload.ts';
import { summarizeLatency, type LatencySummary } from './latency-summary.ts';
import { compareWithBaseline, type Comparison } from './paired-difference.ts';
import { trendOf, type RateTrend } from './rate-trend.ts';
import { compareTracers, type TracerRatio } from './tracer-ratios.ts';
import { judgeControl, minimumDetectableUs, verdictOf, verdictOfInjected, type Control } from './verdict.ts';

/** The table as numbers: computed from saved blocks alone, so that the same file always gives the same table. */
export interface WorkloadSummary {
  workload: WorkloadName;
  /** For people: what a request passes through. */
  path: string;
  /** Absent where a service of somebody else started as many as it liked. */
  processesPerSet?: number;
  design: Design;
  restarts: number;
  rounds: number;
  warmUpMs: number;
  blockMs: number;
  /** On average: every start measures anew how many fit. */
  requestsPerBlock: number;
  /** What the others are compared with: the first row; its control is the second. */
  baseline: VariantName;
  rows: Row[];
  control: Control;
  /** Where the tracer was measured at several rates. */
  trend?: RateTrend;
  /** What each request of the lab's tracer burnt on purpose. */
  slowedByUs?: number;
  /** Where two tracers were measured at the same rate. */
  ratios: TracerRatio[];
  /** Where an open loop was measured too. */
  latency?: LatencySummary;
  failures: number;
  spansDropped: number;
}

export interface Row {
  variant: VariantName;
  cpuUsPerRequest: Interval;
  /** What the closed loop reached. */
  requestsPerSecond: number;
  /** Against the baseline of the same round; absent in the row of the baseline itself. */
  difference?: Difference;
  /** A smaller cost than this would not have been seen in this row; absent in the row of the baseline. */
  minimumDetectableUs?: number;
  /** All that was burnt on purpose, and so should be found. */
  injectedUs?: number;
  /** Only where a tracer's sampling is known. */
  traces?: TraceCount;
  verdict: string;
}

export interface Difference {
  addedUs: Interval;
  addedPercent: number;
  throughputPercent: Interval;
}

/** Traces that arrived, against those that requests and ratio let expect. */
export interface TraceCount {
  kept: number;
  rootless: number;
  spans: number;
  /** As they came over the wire; absent where a block does not tell. */
  bytesPerSpan?: number;
  requests: number;
  ratio: number;
  bounds: CountBounds;
  isWithinBounds: boolean;
}

/** A correct sampler that loses nothing falls outside once in a thousand rows. */
const TRACES_CONFIDENCE = 0.999;

/** One summary for each workload that has a complete round. */
export function summarize(result: OverheadResult): WorkloadSummary[] {
  return summarizeWithRounds(result).map(({ summary }) => summary);
}

/** A summary, and the complete rounds by restart that it was computed from. */
export interface SummarizedRounds {
  summary: WorkloadSummary;
  measured: WorkloadResult;
  restarts: Round[][];
}

/** The same for those who look at single restarts. */
export function summarizeWithRounds({ workloads, variants, seed }: OverheadResult): SummarizedRounds[] {
  return workloads.flatMap((measured) => {
    const restarts = completeRounds(measured.blocks);
    const summary = summarizeWorkload(measured, restarts, { variants, seed });
    return summary === undefined ? [] : [{ summary, measured, restarts }];
  });
}

function summarizeWorkload(
  measured: WorkloadResult,
  restarts: readonly Round[][],
  { variants, seed }: Pick<OverheadResult, 'variants' | 'seed'>,
): WorkloadSummary | undefined {
  const blocks = restarts.flat().flatMap((round) => [...round.values()].flat());
  const [baseline, control] = variants.map(({ name }) => name);
  if (blocks.length === 0 || baseline === undefined || control === undefined) return undefined;
  const comparison: Comparison = { restarts, baseline, seed };
  const noise = judgeControl(differenceOf(comparison, control).addedUs, meanCpu(comparison, baseline).estimate);
  const measuredVariants = new Set(blocks.map((block) => block.variant));
  const rows = variants.filter(({ name }) => measuredVariants.has(name));
  const trend = trendOf(rows, (variant) => pairsOf(restarts, { variant, baseline }, cpuUsPerRequest), seed);
  const latency = summarizeLatency(measured, variants, seed);
  const slowedByUs = rows.find(({ tracer }) => tracer === 'lab')?.injectedUs;
  return {
    workload: measured.workload,
    path: pathOf(measured),
    ...(measured.processesPerSet === undefined ? {} : { processesPerSet: measured.processesPerSet }),
    design: measured.design ?? 'side by side',
    restarts: restarts.length,
    rounds: restarts.flat().length,
    warmUpMs: measured.warmUpMs,
    blockMs: measured.blockMs,
    requestsPerBlock: Math.round(total(blocks, (block) => block.requests) / blocks.length),
    baseline,
    rows: rows.map((variant) => rowOf(variant, comparison, noise)),
    control: noise,
    ...(trend === undefined ? {} : { trend }),
    ...(slowedByUs === undefined ? {} : { slowedByUs }),
    ratios: compareTracers(measured, variants),
    ...(latency === undefined ? {} : { latency }),
    failures: total(blocks, (block) => block.failures),
    spansDropped: total(blocks, (block) => block.spansDropped),
  };
}

/** Files that do not say have workloads of the shop. */
function pathOf({ path, workload }: WorkloadResult): string {
  return path ?? (workload === 'service' ? 'not said' : WORKLOADS[workload].path);
}

function rowOf(variant: Variant, comparison: Comparison, control: Control): Row {
  const { restarts, baseline } = comparison;
  const own = {
    variant: variant.name,
    cpuUsPerRequest: meanCpu(comparison, variant.name),
    requestsPerSecond: mean(samplesOf(restarts, variant.name, requestsPerSecond).map(mean)),
  };
  if (variant.name === baseline) return { ...own, verdict: 'the baseline' };
  const difference = differenceOf(comparison, variant.name);
  const truthUs = variant.tracer === 'lab' ? undefined : variant.injectedUs;
  return {
    ...own,
    difference,
    minimumDetectableUs: minimumDetectableUs(difference.addedUs, control),
    ...(truthUs === undefined ? {} : { injectedUs: truthUs }),
    ...(variant.ratio === undefined ? {} : { traces: countTraces(restarts, variant.name, variant.ratio) }),
    verdict:
      truthUs === undefined ? verdictOf(difference.addedUs, control) : verdictOfInjected(difference.addedUs, truthUs),
  };
}

function differenceOf(comparison: Comparison, variant: VariantName): Difference {
  const cpu = compareWithBaseline(comparison, variant, cpuUsPerRequest);
  const throughput = compareWithBaseline(comparison, variant, requestsPerSecond);
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

function meanCpu({ restarts, seed }: Comparison, name: VariantName): Interval {
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
  const bytesPerSpan = total(blocks, (block) => block.spanBytes ?? Number.NaN) / spans;
  return {
    kept,
    rootless,
    spans,
    ...(Number.isFinite(bytesPerSpan) ? { bytesPerSpan } : {}),
    requests,
    ratio,
    bounds,
    isWithinBounds,
  };
}

function total(blocks: readonly Block[], valueOf: (block: Block) => number): number {
  return blocks.reduce((sum, block) => sum + valueOf(block), 0);
}
