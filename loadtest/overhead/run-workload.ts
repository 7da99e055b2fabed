import { NotHeldError } from '@tracelab/command';
import type { Random } from '../target/random.ts';
import type { LatencyBlock, OpenLoopPlan } from './latency-block.ts';
import { measureLatencyRound } from './measure-latency.ts';
import { measureRound, warmUp, type MeasureContext, type Sets } from './measure.ts';
import { isRestartPossible, restartEndMs, type RestartTime, type WorkloadPlan } from './plan.ts';
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

/** Restarts, each with its warm-up and rounds, until the plan is done, the time is over or the end is asked for. */
export async function runWorkload(run: WorkloadRun): Promise<void> {
  const endMs = performance.now() + run.plan.budgetMs;
  const pace = { roundMs: 0, latencyRoundMs: 0, preparationMs: 0 };
  for (let restart = 0; restart < run.plan.restarts && !run.signal.aborted; restart++) {
    const time: RestartTime = {
      nowMs: performance.now(),
      endMs,
      restartsLeft: run.plan.restarts - restart,
      preparationMs: pace.preparationMs,
    };
    if (run.plan.rounds === undefined && restart > 0 && !isRestartPossible(time, pace.roundMs + pace.latencyRoundMs))
      return;
    await runRestart(run, restart, restartEndMs(time), pace);
  }
}

/** How long each took the last time; 0 before the first. */
interface Pace {
  roundMs: number;
  latencyRoundMs: number;
  preparationMs: number;
}

async function runRestart(run: WorkloadRun, restart: number, endMs: number, pace: Pace): Promise<void> {
  const startedMs = performance.now();
  const sets = await startSets(run);
  try {
    const context = await createContext(run, sets);
    const requestsPerSecond = await warmUp(context, run.plan.warmUpMs);
    if (run.signal.aborted) return;
    if (requestsPerSecond === 0)
      throw new NotHeldError(`the copies of ${run.workload.name} answer nothing: no block can be measured`);
    const requests = Math.max(run.regime.connections, Math.round((requestsPerSecond * run.plan.blockMs) / 1000));
    pace.preparationMs = performance.now() - startedMs;
    const nowMs = performance.now();
    const latencyMs = (run.plan.openLoop?.timeShare ?? 0) * Math.max(0, endMs - nowMs);
    await runRounds(run, context, { restart, requests, endMs: endMs - latencyMs, pace });
    const plan = run.plan.openLoop;
    if (plan !== undefined) await runLatencyRounds(run, context, { plan, restart, endMs, pace });
  } finally {
    await stopSets(sets);
  }
}

async function runRounds(
  run: WorkloadRun,
  context: MeasureContext,
  at: { restart: number; requests: number; endMs: number; pace: Pace },
): Promise<void> {
  const settleRounds = run.plan.settleRounds ?? 0;
  for (let round = -settleRounds; isRoundDue(run, round, at.endMs - at.pace.roundMs); round++) {
    const startedMs = performance.now();
    run.progress({ restart: at.restart, round: Math.max(0, round) });
    const blocks = await measureRound(context, { restart: at.restart, round, requests: at.requests }, run.random);
    if (blocks === undefined) return;
    if (round >= 0) run.keep(blocks);
    at.pace.roundMs = performance.now() - startedMs;
  }
}

async function runLatencyRounds(
  run: WorkloadRun,
  context: MeasureContext,
  at: { plan: OpenLoopPlan; restart: number; endMs: number; pace: Pace },
): Promise<void> {
  for (let round = 0; isRoundDue(run, round, at.endMs - at.pace.latencyRoundMs); round++) {
    const startedMs = performance.now();
    const blocks = await measureLatencyRound(context, at.plan, { restart: at.restart, round }, run.random);
    if (blocks === undefined) return;
    run.keepLatency(blocks);
    at.pace.latencyRoundMs = performance.now() - startedMs;
  }
}

/** The first round of a restart always, and those that settle before it; later ones where they can begin by then. */
function isRoundDue(run: WorkloadRun, round: number, latestStartMs: number): boolean {
  if (run.signal.aborted) return false;
  if (run.plan.rounds !== undefined) return round < run.plan.rounds;
  return round <= 0 || performance.now() <= latestStartMs;
}

/** Every set that a variant needs; where one does not start, those that did are stopped. */
async function startSets(run: WorkloadRun): Promise<Sets> {
  const bySet = new Map(run.variants.map((variant) => [variant.set, variant]));
  const starts = await Promise.allSettled(
    [...bySet].map(async ([name, variant]) => [name, await run.workload.start(variant, run.surroundings)] as const),
  );
  const sets = new Map(starts.filter((start) => start.status === 'fulfilled').map((start) => start.value));
  const failed = starts.find((start) => start.status === 'rejected');
  if (failed === undefined) return sets;
  await stopSets(sets);
  throw failed.reason;
}

async function stopSets(sets: Sets): Promise<void> {
  await Promise.all([...sets.values()].map((set) => set.stop()));
}

async function createContext(run: WorkloadRun, sets: Sets): Promise<MeasureContext> {
  const [first] = sets.values();
  return {
    sets,
    variants: run.variants,
    sinkUrl: run.surroundings.sinkUrl,
    generatorUrl: run.generatorUrl,
    requests: await run.workload.requests(first?.entryUrl ?? ''),
    connections: run.regime.connections,
    signal: run.signal,
  };
}
