import type { OpenLoopPlan } from '../overhead/latency-block.ts';
import type { WorkloadPlan } from '../overhead/plan.ts';
import { TRACER_VARIANTS, type Variant, type VariantName } from '../overhead/variant.ts';

/** The rate that the target names (issue 5). */
const OPEN_LOOP = { requestsPerSecond: 1000, requests: 1000, settleRequests: 200 } as const;

const QUICK_OPEN_LOOP: OpenLoopPlan = {
  ...OPEN_LOOP,
  variants: ['none', 'none (again)', 'lab 1/1', 'otel 1/1'],
  timeShare: 0.35,
};

const WHOLE_OPEN_LOOP: OpenLoopPlan = {
  ...OPEN_LOOP,
  variants: TRACER_VARIANTS.map((variant) => variant.name),
  timeShare: 0.4,
};

/**
 * Starts and stops included. The first round after a warm-up cost half as much again as the third, in each of four restarts
 * on a busy machine, so it only settles. More restarts instead of more rounds: only restarts tell one start's luck from a cost.
 */
export const PRESETS: Readonly<Record<'quick' | 'whole', WorkloadPlan>> = {
  quick: { restarts: 4, warmUpMs: 3000, settleRounds: 1, blockMs: 200, budgetMs: 175_000, openLoop: QUICK_OPEN_LOOP },
  whole: { restarts: 8, warmUpMs: 3500, settleRounds: 1, blockMs: 200, budgetMs: 470_000, openLoop: WHOLE_OPEN_LOOP },
};

/** What the targets are about, and the control row. */
const QUICK_NAMES: readonly VariantName[] = [
  'none',
  'none (again)',
  'lab 1/1024',
  'lab 1/1',
  'otel 1/1024',
  'otel 1/1',
];

export const QUICK_VARIANTS: readonly Variant[] = TRACER_VARIANTS.filter(({ name }) => QUICK_NAMES.includes(name));
