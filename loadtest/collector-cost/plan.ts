/** How much is measured of each collector. Fewer spans than some 100,000 drown in what a heap that grows takes anyway. */
export interface CostPlan {
  /** Every collector is started anew this many times: only restarts are independent samples. */
  restarts: number;
  /** Blocks of every load after each start. */
  rounds: number;
  /** Of saturating load after each start, not measured. */
  warmUpMs: number;
  blockMs: number;
  /** Undecided spans with which a collector of its own is filled, once a restart. */
  bufferedSpans: number;
}

export const PRESETS = {
  quick: { restarts: 3, rounds: 1, warmUpMs: 2000, blockMs: 2000, bufferedSpans: 160_000 },
  standard: { restarts: 6, rounds: 2, warmUpMs: 5000, blockMs: 5000, bufferedSpans: 200_000 },
} as const satisfies Record<string, CostPlan>;

/** After a load: its decisions (window and tick) and what follows from them. */
export const QUIET_AFTER_MS = 2500;
const START_MS = 2500;
const BLOCKS_PER_ROUND = 5;

/** About how long the whole run takes, for people who wait. */
export function durationOf(plan: CostPlan, collectors: number): number {
  const round = BLOCKS_PER_ROUND * (plan.blockMs + QUIET_AFTER_MS + 500);
  const buffer = START_MS + 4000;
  const restart = START_MS + plan.warmUpMs + QUIET_AFTER_MS + plan.rounds * round + buffer;
  return plan.restarts * restart * collectors;
}
