import type { WorkloadPlan } from '../overhead/plan.ts';
import type { VariantName } from '../overhead/variant.ts';

/** Starts and stops included. More restarts instead of more rounds: only restarts tell one start's luck from a cost. */
export const PRESETS: Readonly<Record<'quick' | 'whole', WorkloadPlan>> = {
  quick: { restarts: 4, warmUpMs: 3500, blockMs: 150, budgetMs: 175_000 },
  whole: { restarts: 6, warmUpMs: 4500, blockMs: 150, budgetMs: 470_000 },
};

/** What the targets are about, and the control row. */
export const QUICK_VARIANTS: readonly VariantName[] = [
  'none',
  'none (again)',
  'lab 1/1024',
  'lab 1/1',
  'otel 1/1024',
  'otel 1/1',
];
