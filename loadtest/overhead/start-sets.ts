import { NotHeldError } from '@tracelab/command';
import type { Random } from '../target/random.ts';
import { shuffle } from '@tracelab/protocol';
import { runClosedLoop } from './closed-loop.ts';
import type { LatencyBlock } from './latency-block.ts';
import { warmUp, type MeasureContext, type Sets } from './measure.ts';
import type { WorkloadPlan } from './plan.ts';
import type { SetSurroundings } from './process-set.ts';
import type { Block, Regime } from './result.ts';
import type { Variant } from './variant.ts';
import type { Workload } from './workload.ts';

export interface WorkloadRun {
  workload: Workload;
  plan: WorkloadPlan;
  variants: readonly Variant[];
  regime: Regime;
  surroundings: SetSurroundings;
  random: Random;
  signal: AbortSignal;
  /** Who sends the open loop; empty where the plan has none. */
  generatorUrl: string;
  /** Blocks of a complete round, as soon as it is measured: whatever happens later, they count. */
  keep: (blocks: readonly Block[]) => void;
  keepLatency: (blocks: readonly LatencyBlock[]) => void;
  progress: (at: { restart: number; round: number }) => void;
}

/** How long each took the last time; 0 before the first. */
export interface Pace {
  roundMs: number;
  latencyRoundMs: number;
  preparationMs: number;
}

/**
 * Every set that a variant needs, in random order; where one does not start, those that did are stopped. Always in the same order, the
 * set that was started first came out 3 to 4 µs a request cheaper than its equals over forty starts (standard error 1.1 to 1.4).
 */
export async function startSets(run: WorkloadRun, variants: readonly Variant[]): Promise<Sets> {
  const bySet = new Map(variants.map((variant) => [variant.set, variant]));
  const starts = await Promise.allSettled(
    shuffle([...bySet], { next: run.random }).map(
      async ([name, variant]) => [name, await run.workload.start(variant, run.surroundings)] as const,
    ),
  );
  const sets = new Map(starts.filter((start) => start.status === 'fulfilled').map((start) => start.value));
  const failed = starts.find((start) => start.status === 'rejected');
  if (failed === undefined) return sets;
  await stopSets(sets);
  throw failed.reason;
}

export async function stopSets(sets: Sets): Promise<void> {
  await Promise.all([...sets.values()].map((set) => set.stop()));
}

async function createContext(run: WorkloadRun, sets: Sets, variants: readonly Variant[]): Promise<MeasureContext> {
  const [first] = sets.values();
  return {
    sets,
    variants,
    sinkUrl: run.surroundings.sinkUrl,
    generatorUrl: run.generatorUrl,
    requests: await run.workload.requests(first?.entryUrl ?? ''),
    runLoad: run.workload.runLoad ?? runClosedLoop,
    connections: run.regime.connections,
    signal: run.signal,
  };
}

/** Warms the sets of these variants up. `requests` is the size of a block: what they answer in its time, on average. */
export async function warmUpSets(
  run: WorkloadRun,
  sets: Sets,
  variants: readonly Variant[],
): Promise<{ context: MeasureContext; requests: number }> {
  const context = await createContext(run, sets, variants);
  const requestsPerSecond = await warmUp(context, run.plan.warmUpMs, run.random);
  if (requestsPerSecond === 0 && !run.signal.aborted)
    throw new NotHeldError(`the copies of ${run.workload.name} answer nothing: no block can be measured`);
  const requests = Math.max(run.regime.connections, Math.round((requestsPerSecond * run.plan.blockMs) / 1000));
  return { context, requests };
}
