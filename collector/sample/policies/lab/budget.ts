import type { PolicyContext } from '../policy.ts';

/** What passes however little is left, so that nothing of the population becomes invisible. */
const SHARE_FLOOR = 1 / 1024;

/**
 * A token bucket that says how probable a trace is instead of who comes first: over half of it everything passes, below that a share in
 * proportion, so that it settles where what passes is what flows in. The share is known before the trace is looked at and depends on others alone:
 * what is kept can be weighed. It may be overdrawn by what it holds; what goes beyond that is forgiven.
 */
export class Budget {
  readonly #perMs: number;
  readonly #capacity: number;
  readonly #nowMs: () => number;
  #left: number;
  #filledMs: number;

  constructor(perSecond: number, capacity: number, { nowMs }: Pick<PolicyContext, 'nowMs'>) {
    this.#perMs = perSecond / 1000;
    this.#capacity = capacity;
    this.#nowMs = nowMs;
    this.#left = capacity;
    this.#filledMs = nowMs();
  }

  /** What is there now. */
  get left(): number {
    const nowMs = this.#nowMs();
    this.#left = Math.min(this.#capacity, this.#left + (nowMs - this.#filledMs) * this.#perMs);
    this.#filledMs = nowMs;
    return this.#left;
  }

  /** How many of the traces that ask may pass, above 0 to 1. */
  get share(): number {
    return Math.min(1, Math.max(SHARE_FLOOR, (2 * this.left) / this.#capacity));
  }

  spend(count: number): void {
    this.#left = Math.max(-this.#capacity, this.left - count);
  }
}
