import {
  COLLECTOR_LOADS,
  createRandom,
  type CollectorBlock,
  type CollectorBuffer,
  type CollectorBufferSample,
  type CollectorCostResult,
  type CollectorLoad,
  type CollectorName,
} from '@tracelab/protocol';
import type { Interval } from '../statistics/interval.ts';
import { bootstrapMean } from '../statistics/restart-bootstrap.ts';
import { slope } from '../statistics/slope.ts';
import { mean } from '../statistics/summary.ts';

/** What a saved run says of one collector; intervals are 95 %, over its starts. */
export interface CollectorCostSummary {
  collector: CollectorName;
  restarts: number;
  rounds: number;
  /** Only loads that were measured, in the order of the table. */
  loads: CollectorLoadCost[];
  /** Undefined where no collector was filled with undecided spans. */
  buffer: BufferCost | undefined;
}

export interface BufferCost {
  /** Resident before it got anything. */
  idleBytes: number;
  /** Resident without any undecided span, warm: where the line through the samples begins. */
  warmBytes: number;
  /** What each undecided span adds: the slope of that line. */
  bytesPerSpan: Interval;
  /** What the collector counts for each, where it counts bytes. */
  countedBytesPerSpan: number | undefined;
  /** Of these spans, on the wire. */
  spanBytes: number;
}

export interface CollectorLoadCost {
  load: CollectorLoad;
  /** Per cent of one core, what it takes at rest included. */
  corePercent: Interval;
  /** Beyond what it takes at rest; undefined for rest itself. */
  cpuUsPerSpan: Interval | undefined;
  spansPerSecond: number;
  bytesPerSecond: number;
  spanBytes: number;
  refusals: number;
  residentBytes: number;
  proportionalBytes: number | undefined;
}

/** Every figure comes from complete rounds: a block is compared with the block at rest of the same round. */
export function summarizeCollectorCost(result: CollectorCostResult): CollectorCostSummary[] {
  return result.collectors.map(({ name }) => {
    const rounds = completeRounds(result.blocks.filter(({ collector }) => collector === name));
    return {
      collector: name,
      restarts: rounds.length,
      rounds: rounds.flat().length,
      loads: COLLECTOR_LOADS.flatMap((load) => costOf(load, rounds, result.seed) ?? []),
      buffer: bufferOf(
        result.buffers.filter(({ collector }) => collector === name),
        result.seed,
      ),
    };
  });
}

type Round = ReadonlyMap<CollectorLoad, CollectorBlock>;

/** By restart. */
function completeRounds(blocks: readonly CollectorBlock[]): Round[][] {
  const loads = new Set(blocks.map(({ load }) => load));
  return [...Map.groupBy(blocks, ({ restart }) => restart).values()]
    .map((ofRestart) =>
      [...Map.groupBy(ofRestart, ({ round }) => round).values()]
        .map((ofRound): Round => new Map(ofRound.map((block) => [block.load, block])))
        .filter((round) => round.size === loads.size && round.has('idle')),
    )
    .filter((rounds) => rounds.length > 0);
}

function costOf(load: CollectorLoad, restarts: readonly Round[][], seed: number): CollectorLoadCost | undefined {
  const blocks = restarts.flat().flatMap((round) => round.get(load) ?? []);
  if (blocks.length === 0) return undefined;
  const interval = (valueOf: (block: CollectorBlock, idleCores: number) => number): Interval =>
    bootstrapMean(
      restarts.map((rounds) => rounds.map((round) => valueIn(round, load, valueOf))),
      { random: createRandom(seed) },
    );
  const total = (pick: (block: CollectorBlock) => number): number =>
    blocks.reduce((sum, block) => sum + pick(block), 0);
  const [spans, bytes, loadS] = [total((b) => b.spans), total((b) => b.bytes), total((b) => b.loadMs) / 1000];
  return {
    load,
    corePercent: interval((block, idleCores) => 100 * (addedUs(block, idleCores) / (block.loadMs * 1000) + idleCores)),
    cpuUsPerSpan: spans === 0 ? undefined : interval((block, idleCores) => addedUs(block, idleCores) / block.spans),
    spansPerSecond: spans / loadS,
    bytesPerSecond: bytes / loadS,
    spanBytes: bytes / spans,
    refusals: total((block) => block.refusals),
    residentBytes: mean(blocks.map((block) => block.residentBytes)),
    proportionalBytes: meanOfAll(blocks.map((block) => block.proportionalBytes)),
  };
}

function valueIn(
  round: Round,
  load: CollectorLoad,
  valueOf: (block: CollectorBlock, idleCores: number) => number,
): number {
  const [block, idle] = [round.get(load), round.get('idle')];
  if (block === undefined || idle === undefined) throw new Error(`a complete round has a block of ${load}`);
  return valueOf(block, idle.cpuUs / (idle.wallMs * 1000));
}

/** What the load took, decisions that came after its end included, without what the same time at rest takes. */
function addedUs(block: CollectorBlock, idleCores: number): number {
  return block.cpuUs - idleCores * block.wallMs * 1000;
}

function meanOfAll(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === values.length ? mean(known) : undefined;
}

/** The first part warms code and heap up. */
const WARM_SHARE = 0.3;

function bufferOf(buffers: readonly CollectorBuffer[], seed: number): BufferCost | undefined {
  const lines = buffers.flatMap((buffer) => lineThrough(buffer.samples) ?? []);
  if (lines.length === 0) return undefined;
  return {
    idleBytes: mean(buffers.map(({ idleBytes }) => idleBytes)),
    warmBytes: mean(lines.map(({ warmBytes }) => warmBytes)),
    bytesPerSpan: bootstrapMean(
      lines.map(({ bytesPerSpan }) => [bytesPerSpan]),
      { random: createRandom(seed) },
    ),
    countedBytesPerSpan: meanOfAll(buffers.map(({ samples }) => countedPerSpan(samples.at(-1)))),
    spanBytes: mean(lines.map(({ spanBytes }) => spanBytes)),
  };
}

function countedPerSpan(sample: CollectorBufferSample | undefined): number | undefined {
  return sample?.countedBytes === undefined ? undefined : sample.countedBytes / sample.spans;
}

/** Undefined where there are too few different numbers of spans for a line. */
function lineThrough(
  samples: CollectorBuffer['samples'],
): { bytesPerSpan: number; warmBytes: number; spanBytes: number } | undefined {
  const last = samples.at(-1);
  if (last === undefined) return undefined;
  const warm = samples.filter(({ spans }) => spans > last.spans * WARM_SHARE);
  const bytesPerSpan = slope(warm.map(({ spans, residentBytes }) => ({ x: spans, y: residentBytes })));
  if (Number.isNaN(bytesPerSpan)) return undefined;
  const warmBytes =
    mean(warm.map(({ residentBytes }) => residentBytes)) - bytesPerSpan * mean(warm.map((s) => s.spans));
  return { bytesPerSpan, warmBytes, spanBytes: last.bytes / last.spans };
}
