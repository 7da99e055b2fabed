import type { OpenLoopPlan } from './latency-block.ts';
import { measureLatencyRound } from './measure-latency.ts';
import { measureRound, type MeasureContext } from './measure.ts';
import { isRestartPossible, restartEndMs, type RestartTime } from './plan.ts';
import { runPass } from './run-pass.ts';
import { startSets, stopSets, warmUpSets, type Pace, type WorkloadRun } from './start-sets.ts';

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
    const runThis = run.workload.design === 'in turn' ? runPass : runRestart;
    await runThis(run, restart, restartEndMs(time), pace);
  }
}

async function runRestart(run: WorkloadRun, restart: number, endMs: number, pace: Pace): Promise<void> {
  const startedMs = performance.now();
  const sets = await startSets(run, run.variants);
  try {
    const { context, requests } = await warmUpSets(run, sets, run.variants);
    if (run.signal.aborted) return;
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
