import { mean } from '@tracelab/model';
import { shuffle } from '@tracelab/protocol';
import type { Random } from '../target/random.ts';
import { requestJson } from '../request-json.ts';
import type { PeriodCounts } from '../sink/tally.ts';
import type { ClosedLoad, RunLoad } from './closed-loop.ts';
import type { ProcessSet } from './process-set.ts';
import type { Block } from './result.ts';
import { roundOf, type SetName, type Variant } from './variant.ts';

export type Sets = ReadonlyMap<SetName, ProcessSet>;

export interface MeasureContext {
  sets: Sets;
  variants: readonly Variant[];
  sinkUrl: string;
  /** Who sends the open loop; empty where the plan has none. */
  generatorUrl: string;
  requests: ClosedLoad['requests'];
  runLoad: RunLoad;
  connections: number;
  signal: AbortSignal;
}

/**
 * Loads the sets in turn, in slices and in random order, so that no block meets cold code and none was warmed longer ago than the
 * others: with one long stretch for each, the set that came first was the coldest in the rounds that followed, and the lab's tracer at
 * 1/1024 came out 29 µs [11..46] *below* none. Traced sets at sparse and dense rates, since sampled and unsampled requests run through
 * different code, and burning ones in each of their states: one whose first burn was a block paid 9 µs for it. Returns the requests per second with which a block of each set without a switched tracer takes, on average, its
 * time: sets may differ tenfold. 0 where one answered nothing.
 */
export async function warmUp(context: MeasureContext, warmUpMs: number, random: Random): Promise<number> {
  const slices = Math.max(WARM_UP_RATIOS.length, Math.ceil(warmUpMs / WARM_UP_SLICE_MS));
  const secondsPerRequest = new Map<SetName, number>();
  for (let slice = 0; slice < slices && !context.signal.aborted; slice++) {
    for (const [name, set] of shuffle([...context.sets], { next: random })) {
      if (set.isSwitchable) await set.setRatio(WARM_UP_RATIOS[slice % WARM_UP_RATIOS.length] ?? 1);
      const burns = burnsOf(context.variants, name);
      if (burns.length > 0) await set.setBurn(burns[slice % burns.length] ?? 0);
      const requestsPerSecond = await loadFor(context, set, warmUpMs / slices);
      if (!set.isSwitchable) secondsPerRequest.set(name, 1 / requestsPerSecond);
    }
  }
  await Promise.all([...context.sets.values()].map((set) => set.untilDelivered()));
  return 1 / mean([...secondsPerRequest.values()]);
}

const WARM_UP_RATIOS: readonly number[] = [1, 1 / 1024, 1 / 2];
const WARM_UP_SLICE_MS = 750;

function burnsOf(variants: readonly Variant[], name: SetName): number[] {
  return variants.flatMap(({ set, switchedUs }) => (set === name && switchedUs !== undefined ? [switchedUs] : []));
}

/** Chunks of load until the time is over; the rate is that of the last chunk, the warmest. */
async function loadFor(context: MeasureContext, set: ProcessSet, durationMs: number): Promise<number> {
  const endMs = performance.now() + durationMs;
  let amount = 50;
  let requestsPerSecond = 0;
  do {
    const outcome = await context.runLoad(loadOf(context, set), amount, context.signal);
    requestsPerSecond = (outcome.requests * 1000) / outcome.durationMs;
    amount = Math.max(50, Math.round(requestsPerSecond * WARM_UP_CHUNK_S));
    if (outcome.requests === 0) break;
  } while (performance.now() < endMs && !context.signal.aborted);
  return requestsPerSecond;
}

const WARM_UP_CHUNK_S = 0.25;

/** The blocks of one round, in random order. Undefined where the run was ended in between: the round is then not used. */
export async function measureRound(
  context: MeasureContext,
  at: { restart: number; round: number; requests: number },
  random: Random,
): Promise<Block[] | undefined> {
  const blocks: Block[] = [];
  for (const variant of shuffle(roundOf(context.variants), { next: random })) {
    const block = await measureBlock(context, variant, at);
    if (context.signal.aborted) return undefined;
    blocks.push(block);
  }
  return blocks;
}

/**
 * CPU is read when the spans of this block are delivered, so that a block pays for its own export and for nobody else's;
 * for the same reason the sink's period begins and ends with the block.
 */
async function measureBlock(
  context: MeasureContext,
  variant: Variant,
  at: { restart: number; round: number; requests: number },
): Promise<Block> {
  const set = setOf(context, variant.set);
  if (variant.ratio !== undefined) await set.setRatio(variant.ratio);
  if (variant.switchedUs !== undefined) await set.setBurn(variant.switchedUs);
  await endPeriod(context);
  const before = await set.usage();
  const outcome = await context.runLoad(loadOf(context, set), at.requests, context.signal);
  // A set without a tracer has nothing to deliver, but is looked at as well: a look is CPU.
  await set.untilDelivered();
  const after = await set.usage();
  const { traces, tracesRootless, spans, bytes } = await endPeriod(context);
  return {
    restart: at.restart,
    round: at.round,
    variant: variant.name,
    ...outcome,
    durationMs: Math.round(outcome.durationMs * 100) / 100,
    cpuUs: after.cpuUs - before.cpuUs,
    traces,
    tracesRootless,
    spans,
    spanBytes: bytes,
    spansDropped: after.spansDropped - before.spansDropped,
  };
}

/** Throws where the set was not started. */
export function setOf(context: MeasureContext, name: SetName): ProcessSet {
  const set = context.sets.get(name);
  if (set === undefined) throw new Error(`a variant needs its set of processes: ${name} was not started`);
  return set;
}

function loadOf(context: MeasureContext, set: ProcessSet): ClosedLoad {
  return { url: set.entryUrl, requests: context.requests, connections: context.connections };
}

async function endPeriod(context: MeasureContext): Promise<PeriodCounts> {
  return (await requestJson('POST', `${context.sinkUrl}/_sink/period`)) as PeriodCounts;
}
