/** After so long a write counts a third of what it did. */
const MEMORY_MS = 10_000;

/**
 * How fast spans are written, lately: spans and the time that they took, both forgotten exponentially. Time counts only while something waits to
 * be written, and also while nothing gets through, so that a store that stands still becomes slower with every second.
 */
export class DrainRate {
  readonly #nowMs: () => number;
  #spans = 0;
  #ms = 0;
  /** Undefined while nothing waits. */
  #busySinceMs: number | undefined;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  begin(): void {
    this.#busySinceMs = this.#nowMs();
  }

  /** So many spans are gone. */
  record(spanCount: number): void {
    const elapsedMs = this.#elapsedMs();
    const kept = Math.exp(-elapsedMs / MEMORY_MS);
    this.#spans = this.#spans * kept + spanCount;
    this.#ms = this.#ms * kept + elapsedMs;
    this.begin();
  }

  end(): void {
    this.#busySinceMs = undefined;
  }

  /** While nothing was ever written: as long again as it has taken so far. */
  secondsFor(spanCount: number): number {
    const seconds = (this.#ms + this.#elapsedMs()) / 1000;
    return this.#spans === 0 ? seconds : (spanCount * seconds) / this.#spans;
  }

  #elapsedMs(): number {
    return this.#busySinceMs === undefined ? 0 : this.#nowMs() - this.#busySinceMs;
  }
}
