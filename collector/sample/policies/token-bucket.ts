import type { PolicyContext } from './policy.ts';

/** Full at the beginning, filled by time up to its capacity, as golang.org/x/time/rate counts. */
export class TokenBucket {
  readonly capacity: number;
  readonly #perMs: number;
  readonly #nowMs: () => number;
  #left: number;
  #filledMs: number;

  constructor(perSecond: number, capacity: number, { nowMs }: Pick<PolicyContext, 'nowMs'>) {
    this.capacity = capacity;
    this.#perMs = perSecond / 1000;
    this.#nowMs = nowMs;
    this.#left = capacity;
    this.#filledMs = nowMs();
  }

  /** What is there now. */
  get left(): number {
    const nowMs = this.#nowMs();
    this.#left = Math.min(this.capacity, this.#left + (nowMs - this.#filledMs) * this.#perMs);
    this.#filledMs = nowMs;
    return this.#left;
  }

  /** It may be overdrawn by what it holds; what goes beyond that is forgiven. */
  spend(count: number): void {
    this.#left = Math.max(-this.capacity, this.left - count);
  }
}
