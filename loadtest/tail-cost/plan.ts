import { SPANS_PER_ROUND } from './sender/traffic.ts';

/** How much is measured of each variant. */
export interface TailPlan {
  /** Every collector is started anew this many times: only restarts are independent samples. */
  restarts: number;
  /** Saturated blocks of each encoding after each start. */
  rounds: number;
  /** Of a saturated block, and of the load of all encodings that warms up before the first. */
  blockMs: number;
  /** Of the steady load that is measured, once its buffer is full. */
  steadyMs: number;
  spansPerSecond: number;
  /** Under the steady load. */
  decisionWaitS: number;
  /** Under the saturating load: short, so that a block is. */
  saturatedWaitS: number;
}

export const PRESETS = {
  quick: { restarts: 2, rounds: 1, blockMs: 2000, steadyMs: 6000 },
  standard: { restarts: 5, rounds: 2, blockMs: 4000, steadyMs: 15_000 },
} as const satisfies Record<string, Partial<TailPlan>>;

export const SATURATED_WAIT_S_MAX = 2;
/** After a load, before a collector is asked whether it still works: its window, and its tick. */
export const AFTER_WINDOW_MS = 500;
/** Of the steady load, before anything is measured: at rest means after this was decided. */
export const BURST_MS = 1000;
/** Beyond the window, until as many spans are decided as come. */
export const SETTLE_MS = 2000;

/** More than is sent in a block, so that no id comes back within it, nor within what a collector remembers of the decided. */
export const SATURATED_SPANS_PER_SECOND_MAX = 1_000_000;

export function gzipRoundsOf({ blockMs }: TailPlan): number {
  return Math.ceil((SATURATED_SPANS_PER_SECOND_MAX * blockMs) / 1000 / SPANS_PER_ROUND);
}

const START_MS = 1500;
/** Until a collector is seen to be at rest. */
const LOOK_MS = 500;

/** About how long the whole run takes, for people who wait. */
export function durationOf(plan: TailPlan, variants: number): number {
  const quietMs = plan.saturatedWaitS * 1000 + AFTER_WINDOW_MS + LOOK_MS;
  const saturated = START_MS + (1 + 2 * plan.rounds) * (plan.blockMs + quietMs);
  const waitMs = plan.decisionWaitS * 1000;
  const steady = START_MS + BURST_MS + waitMs + AFTER_WINDOW_MS + waitMs + SETTLE_MS + plan.steadyMs;
  return plan.restarts * variants * (saturated + steady);
}
