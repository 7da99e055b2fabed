import { formatDuration } from '../report/format.ts';
import type { WorkloadName } from './result.ts';

/** Says where the run is and how long it will take, at most this often. */
const SAY_INTERVAL_MS = 5000;

/** Where a run is: its workload, restart and round, the two latter counted from 0. */
export interface Step {
  workload: WorkloadName;
  restart: number;
  restarts: number;
  round: number;
}

/** The time left is that of the budget, which every workload keeps to; never below zero. */
export function createProgress(
  budgetMs: number,
  clock: { nowMs: () => number },
  say: (text: string) => void,
): (step: Step) => void {
  const startedMs = clock.nowMs();
  let saidMs = -Infinity;
  let saidOf = '';
  return (step) => {
    const nowMs = clock.nowMs();
    const of = `${step.workload} ${step.restart}`;
    if (of === saidOf && nowMs - saidMs < SAY_INTERVAL_MS) return;
    saidMs = nowMs;
    saidOf = of;
    const left = formatDuration(startedMs + budgetMs - nowMs);
    say(
      `${step.workload}: restart ${step.restart + 1} of ${step.restarts}, round ${step.round + 1}; about ${left} left`,
    );
  };
}
