import type { OpenLoopPlan } from './latency-block.ts';
import type { ShopWorkloadName } from './result.ts';
import type { Variant } from './variant.ts';

/** How much one workload is measured. */
export interface WorkloadPlan {
  /** Every set is started anew this many times: only restarts are independent samples. */
  restarts: number;
  /** Rounds after each restart; undefined: as many as the time allows. */
  rounds?: number;
  /** Load on each set after each start, not measured: cold code triples every figure. */
  warmUpMs: number;
  /** Rounds after each warm-up that are measured and forgotten: sets that were warmed first have gone cold again by then. @default 0 */
  settleRounds?: number;
  /** Load on one variant at a time. Short blocks make more pairs, each closer in time; they need a few hundred requests. */
  blockMs: number;
  /** The whole workload ends within about this time. */
  budgetMs: number;
  /** Latencies are measured as well, after the blocks of each restart. */
  openLoop?: OpenLoopPlan;
}

/** How thoroughly: `quick` for a look, `standard` for figures that are written down, `thorough` for those that are argued about. */
export type PresetName = 'quick' | 'standard' | 'thorough';

interface Preset {
  /** The whole command ends within this time, starts, stops and report included. */
  limitMs: number;
  plans: Readonly<Record<ShopWorkloadName, WorkloadPlan>>;
}

/**
 * Quick has few restarts, each with a long warm-up: with six of them and 3 s, two thirds of the time went into starting, and
 * the cost of a request still fell from block to block; its checkout is too short for a verdict on most machines, since it
 * answers few requests a second. The others restart twelve times, after which a bootstrap's interval needs little mending.
 */
export const PRESETS: Readonly<Record<PresetName, Preset>> = {
  quick: {
    limitMs: 240_000,
    plans: {
      hop: { restarts: 4, warmUpMs: 4500, blockMs: 150, budgetMs: 140_000 },
      checkout: { restarts: 3, warmUpMs: 4000, blockMs: 300, budgetMs: 80_000 },
    },
  },
  standard: {
    limitMs: 900_000,
    plans: {
      hop: { restarts: 12, warmUpMs: 4500, settleRounds: 1, blockMs: 150, budgetMs: 460_000 },
      checkout: { restarts: 12, warmUpMs: 4000, blockMs: 300, budgetMs: 420_000 },
    },
  },
  thorough: {
    limitMs: 2_700_000,
    plans: {
      hop: { restarts: 12, warmUpMs: 6000, settleRounds: 1, blockMs: 200, budgetMs: 1_080_000 },
      checkout: { restarts: 12, warmUpMs: 6000, settleRounds: 1, blockMs: 400, budgetMs: 1_600_000 },
    },
  },
};

/** The sets that a preset's time is for: none, its control, the bare API, the lab's tracer. */
const SETS_OF_PRESET = 4;

/** More sets take more time, so that as many rounds fit. */
export function withTimeFor(variants: readonly Variant[], plan: WorkloadPlan): WorkloadPlan {
  const sets = new Set(variants.map(({ set }) => set)).size;
  return { ...plan, budgetMs: Math.round((plan.budgetMs * Math.max(sets, SETS_OF_PRESET)) / SETS_OF_PRESET) };
}

export interface RestartTime {
  nowMs: number;
  endMs: number;
  restartsLeft: number;
  /** How long start and warm-up took the last time; 0 before the first. */
  preparationMs: number;
}

/** When the rounds of the restart that begins now shall end: what is left is divided evenly. */
export function restartEndMs(time: RestartTime): number {
  return time.nowMs + Math.max(0, time.endMs - time.nowMs) / time.restartsLeft;
}

/** Whether another restart with at least one round still fits; without it a slow machine would overrun the budget. */
export function isRestartPossible(time: RestartTime, roundMs: number): boolean {
  return time.nowMs + time.preparationMs + roundMs <= time.endMs;
}
