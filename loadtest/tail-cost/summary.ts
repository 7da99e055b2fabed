import { bootstrapMean, bootstrapPairedDifference, mean, type Interval } from '@tracelab/model';
import { createRandom } from '@tracelab/protocol';
import { summarizeShots } from '../measure/shots-summary.ts';
import { addLags, addStrays, lagQuantileS, type Strays } from './collector-metrics.ts';
import type { SaturatedBlock, SteadyBlock, TailCostResult } from './result.ts';
import { ENCODINGS, type Encoding } from './sender/traffic.ts';
import { BASELINE, type TailVariant } from './variants.ts';

/** What a saved run says of one collector; intervals are 95 %, over its starts. */
export interface TailCostSummary {
  collector: string;
  wal: TailVariant['wal'];
  restarts: number;
  /** Only what was measured. */
  saturated: SaturatedCost[];
  steady: SteadyCost | undefined;
  /** Over all blocks. */
  strays: Strays;
}

export interface SaturatedCost {
  encoding: Encoding;
  cpuUsPerSpan: Interval;
  /** What a core that does nothing else would take. */
  spansPerSecondPerCore: number;
  /** What was reached here. */
  spansPerSecond: number;
  refusals: number;
  spanBytes: number;
  wireBytes: number;
  residentBytes: number;
  senderCores: number;
}

export interface SteadyCost {
  cpuUsPerSpan: Interval;
  restBytes: number;
  residentBytes: number;
  /** What memory grew by while it was measured, as a share: far above 0, and a longer look would have found more. */
  memoryGrowth: number;
  /** What each undecided span adds to what is resident at rest. */
  bytesPerSpan: Interval;
  answerP50Ms: Interval;
  /** NaN where a block has fewer than a hundred answers. */
  answerP99Ms: Interval;
  /** Upper bound of its bucket; undefined where the collector publishes none. */
  decisionLagP99S: number | undefined;
  refusals: number;
  /** Blocks in which the load process was late or left requests out: their answer times are partly its own. */
  blocksNotKeptUp: number;
}

export function summarizeTailCost(result: TailCostResult): TailCostSummary[] {
  return result.collectors.map(({ name, wal }) => {
    const saturated = result.saturated.filter(({ collector }) => collector === name);
    const steady = result.steady.filter(({ collector }) => collector === name);
    return {
      collector: name,
      wal,
      restarts: new Set([...saturated, ...steady].map(({ restart }) => restart)).size,
      saturated: ENCODINGS.flatMap((encoding) => saturatedCost(encoding, saturated, result.seed) ?? []),
      steady: steadyCost(steady, result),
      strays: [...saturated, ...steady].reduce<Strays>((sum, { strays }) => addStrays(sum, strays), {}),
    };
  });
}

function saturatedCost(
  encoding: Encoding,
  measured: readonly SaturatedBlock[],
  seed: number,
): SaturatedCost | undefined {
  const blocks = measured.filter((block) => block.encoding === encoding);
  if (blocks.length === 0) return undefined;
  const cpuUsPerSpan = interval(blocks, cpuUsPerSpanOf, seed);
  const spans = sum(blocks.map((block) => block.spans));
  return {
    encoding,
    cpuUsPerSpan,
    spansPerSecondPerCore: 1e6 / cpuUsPerSpan.estimate,
    spansPerSecond: spans / (sum(blocks.map(({ loadMs }) => loadMs)) / 1000),
    refusals: sum(blocks.map(({ refusals }) => refusals)),
    spanBytes: sum(blocks.map(({ bytes }) => bytes)) / spans,
    wireBytes: sum(blocks.map(({ wireBytes }) => wireBytes)) / spans,
    residentBytes: mean(blocks.map(({ residentBytes }) => residentBytes)),
    senderCores: mean(blocks.map(({ senderCores }) => senderCores)),
  };
}

function steadyCost(blocks: readonly SteadyBlock[], { seed, load }: TailCostResult): SteadyCost | undefined {
  if (blocks.length === 0) return undefined;
  return {
    cpuUsPerSpan: interval(blocks, steadyCpuUsPerSpanOf, seed),
    restBytes: mean(blocks.map(({ restBytes }) => restBytes)),
    residentBytes: mean(blocks.map(({ residentBytes }) => mean(residentBytes))),
    memoryGrowth: mean(blocks.map(memoryGrowthOf)),
    bytesPerSpan: interval(blocks, (block) => bytesPerSpanOf(block, load.steadyWaitS), seed),
    answerP50Ms: interval(blocks, (block) => answerMsOf(block, 'p50Us'), seed),
    answerP99Ms: interval(blocks, answerP99MsOf, seed),
    decisionLagP99S: lagP99S(blocks),
    refusals: sum(blocks.map(({ refusals }) => refusals)),
    blocksNotKeptUp: blocks.filter(({ shots }) => !summarizeShots(shots).isKeptUp).length,
  };
}

/** How many times the baseline's a figure of ours is: each over the same starts of both. */
export interface CostRatio {
  figure: string;
  ratio: Interval;
  /** At most, for this variant; undefined where none is set. */
  target: number | undefined;
}

/** Four times the spans a second for each core are a quarter of the CPU of a span; with the write-ahead log 2.5 times. */
const SATURATED_TARGETS: Readonly<Record<TailVariant['wal'], number | undefined>> = {
  off: 1 / 4,
  on: 1 / 2.5,
  none: undefined,
};

/** Of every figure that both were measured for in the same starts; empty for the baseline itself and without it. */
export function compareWithBaseline(result: TailCostResult, { collector, wal }: TailCostSummary): CostRatio[] {
  if (collector === BASELINE) return [];
  const { seed, load } = result;
  const ratioOf = <Block extends { collector: string; restart: number }>(
    figure: string,
    target: number | undefined,
    blocks: readonly Block[],
    valueOf: (block: Block) => number,
  ): CostRatio[] => {
    const ours = meansByRestart(
      blocks.filter((block) => block.collector === collector),
      valueOf,
    );
    const theirs = meansByRestart(
      blocks.filter((block) => block.collector === BASELINE),
      valueOf,
    );
    const restarts = [...ours].flatMap(([restart, variant]) => {
      const baseline = theirs.get(restart);
      return baseline === undefined || !Number.isFinite(variant + baseline) ? [] : [{ pairs: [{ variant, baseline }] }];
    });
    if (restarts.length === 0) return [];
    const added = bootstrapPairedDifference(restarts, { random: createRandom(seed) });
    const ratio = { estimate: added.relativeEstimate + 1, low: added.relativeLow + 1, high: added.relativeHigh + 1 };
    return [{ figure, target, ratio }];
  };
  return [
    ...ENCODINGS.flatMap((encoding) =>
      ratioOf(
        `CPU of a span, saturated, ${encoding}`,
        encoding === 'plain' ? SATURATED_TARGETS[wal] : undefined,
        result.saturated.filter((block) => block.encoding === encoding),
        cpuUsPerSpanOf,
      ),
    ),
    ...ratioOf('CPU of a span, steady', undefined, result.steady, steadyCpuUsPerSpanOf),
    ...ratioOf('bytes of a buffered span', 1 / 4, result.steady, (block) => bytesPerSpanOf(block, load.steadyWaitS)),
    ...ratioOf('answer time p99', 1 / 2, result.steady, answerP99MsOf),
  ];
}

function cpuUsPerSpanOf({ cpuUs, spans }: SaturatedBlock): number {
  return cpuUs / spans;
}

/** The two times are the same but for a timer's lateness. */
function steadyCpuUsPerSpanOf({ cpuUs, wallMs, spans, loadMs }: SteadyBlock): number {
  return cpuUs / wallMs / (spans / loadMs);
}

/** Of the spans that came in one window. */
function bytesPerSpanOf({ residentBytes, restBytes, spans, loadMs }: SteadyBlock, waitS: number): number {
  return (mean(residentBytes) - restBytes) / ((spans / loadMs) * 1000 * waitS);
}

/** From the first to the second half of what was looked at. */
function memoryGrowthOf({ residentBytes }: SteadyBlock): number {
  const half = Math.ceil(residentBytes.length / 2);
  return mean(residentBytes.slice(-half)) / mean(residentBytes.slice(0, half)) - 1;
}

function answerP99MsOf(block: SteadyBlock): number {
  return answerMsOf(block, 'p99Us');
}

function answerMsOf({ shots }: SteadyBlock, quantile: 'p50Us' | 'p99Us'): number {
  return summarizeShots(shots).latency[quantile] / 1000;
}

function lagP99S(blocks: readonly SteadyBlock[]): number | undefined {
  const lag = addLags(blocks.flatMap(({ decisionLag }) => decisionLag ?? []));
  return lag === undefined ? undefined : lagQuantileS(lag, 0.99);
}

/** NaN without an interval where a block has no such value. */
function interval<Block extends { restart: number }>(
  blocks: readonly Block[],
  valueOf: (block: Block) => number,
  seed: number,
): Interval {
  const means = [...meansByRestart(blocks, valueOf).values()];
  if (!means.every(Number.isFinite)) return { estimate: Number.NaN, low: -Infinity, high: Infinity };
  return bootstrapMean(
    means.map((value) => [value]),
    { random: createRandom(seed) },
  );
}

function meansByRestart<Block extends { restart: number }>(
  blocks: readonly Block[],
  valueOf: (block: Block) => number,
): Map<number, number> {
  const byRestart = Map.groupBy(blocks, ({ restart }) => restart);
  return new Map([...byRestart].map(([restart, some]) => [restart, mean(some.map(valueOf))]));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
