import type { DecisionTap, Outcome } from '../sample/decision-tap.ts';
import type { TraceView } from '../sample/buffer/trace-view.ts';
import { bucketOf } from './bucket-of.ts';

/** Upper bounds of the buckets. */
export const LAG_BUCKETS_S: readonly number[] = [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** How long after they were due traces are decided: the tick, and what keeps the process or the store busy. */
export class DecisionLag implements DecisionTap {
  /** One more than there are bounds; not summed up. */
  readonly counts: number[] = Array.from({ length: LAG_BUCKETS_S.length + 1 }, () => 0);
  sumS = 0;

  /** Those that were decided before they were due do not count. */
  decided(_trace: TraceView, { trigger, lagMs }: Outcome): void {
    if (trigger !== 'root' && trigger !== 'wait') return;
    const lagS = lagMs / 1000;
    const bucket = bucketOf(lagS, LAG_BUCKETS_S);
    this.counts[bucket] = (this.counts[bucket] ?? 0) + 1;
    this.sumS += lagS;
  }

  late(): void {}
}
