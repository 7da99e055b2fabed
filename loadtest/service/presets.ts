import type { PresetName, WorkloadPlan } from '../overhead/plan.ts';

/**
 * Blocks of a second: a process tells its CPU in steps of 10 ms, which err by 6 ms in a block, and a service of an interpreter answers
 * a few hundred requests in it. Time is for up to four sets; more take more (`withTimeFor`).
 */
export const SERVICE_PRESETS: Readonly<Record<PresetName, WorkloadPlan>> = {
  quick: { restarts: 4, warmUpMs: 2000, blockMs: 1000, budgetMs: 120_000 },
  standard: { restarts: 12, warmUpMs: 3000, settleRounds: 1, blockMs: 1000, budgetMs: 480_000 },
  thorough: { restarts: 12, warmUpMs: 5000, settleRounds: 1, blockMs: 2000, budgetMs: 1_500_000 },
};
