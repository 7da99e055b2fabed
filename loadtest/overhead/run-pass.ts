import { shuffle } from '@tracelab/protocol';
import { measureRound } from './measure.ts';
import type { Block } from './result.ts';
import { startSets, stopSets, warmUpSets, type Pace, type WorkloadRun } from './start-sets.ts';
import type { Variant } from './variant.ts';

/** One restart of sets that cannot be alive together. The turn that comes first fixes both numbers for all. */
interface Pass {
  restart: number;
  /** In each block. */
  requests?: number;
  rounds?: number;
  blocks: Block[];
}

/**
 * Starts, warms up, measures and stops one variant after the other, in random order. Each gets the same number of blocks;
 * those of equal number are compared, which counts as much as the means of the pass. Nothing is kept of a pass that was ended early.
 */
export async function runPass(run: WorkloadRun, restart: number, endMs: number, pace: Pace): Promise<void> {
  const pass: Pass = { restart, blocks: [], ...(run.plan.rounds === undefined ? {} : { rounds: run.plan.rounds }) };
  const took = { preparationMs: 0, roundMs: 0 };
  for (const [index, variant] of shuffle(run.variants, { next: run.random }).entries()) {
    const nowMs = performance.now();
    const turnEndMs = nowMs + Math.max(0, endMs - nowMs) / (run.variants.length - index);
    const turn = await runTurn(run, pass, variant, turnEndMs);
    if (run.signal.aborted) return;
    took.preparationMs += turn.preparationMs;
    took.roundMs += turn.roundMs;
  }
  run.keep(pass.blocks);
  Object.assign(pace, took);
}

async function runTurn(
  run: WorkloadRun,
  pass: Pass,
  variant: Variant,
  endMs: number,
): Promise<{ preparationMs: number; roundMs: number }> {
  const startedMs = performance.now();
  const sets = await startSets(run, [variant]);
  try {
    const { context, requests } = await warmUpSets(run, sets, [variant]);
    pass.requests ??= requests;
    const preparationMs = performance.now() - startedMs;
    let roundMs = 0;
    let round = 0;
    for (; isDue(pass, round, endMs - roundMs) && !run.signal.aborted; round++) {
      const roundStartedMs = performance.now();
      run.progress({ restart: pass.restart, round });
      const at = { restart: pass.restart, round, requests: pass.requests };
      pass.blocks.push(...((await measureRound(context, at, run.random)) ?? []));
      roundMs = performance.now() - roundStartedMs;
    }
    pass.rounds ??= round;
    return { preparationMs, roundMs };
  } finally {
    await stopSets(sets);
  }
}

/** One round always; in the first turn as many as fit, then as many as that had. */
function isDue(pass: Pass, round: number, latestStartMs: number): boolean {
  if (pass.rounds !== undefined) return round < pass.rounds;
  return round === 0 || performance.now() <= latestStartMs;
}
