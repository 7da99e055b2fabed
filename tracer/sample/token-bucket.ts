/** Lets a rate through: tokens come in evenly, up to one second's worth (at least one) saved for a burst. */
export class TokenBucket {
  readonly #perMs: number;
  readonly #tokensMax: number;
  readonly #nowMs: () => number;
  #tokens: number;
  #filledMs: number;

  /** `nowMs` should never go back; it starts full. */
  constructor(perSecond: number, nowMs: () => number) {
    this.#perMs = perSecond / 1000;
    this.#tokensMax = perSecond === 0 ? 0 : Math.max(1, perSecond);
    this.#nowMs = nowMs;
    this.#tokens = this.#tokensMax;
    this.#filledMs = nowMs();
  }

  take(): boolean {
    const nowMs = this.#nowMs();
    this.#tokens = Math.min(this.#tokensMax, this.#tokens + (nowMs - this.#filledMs) * this.#perMs);
    this.#filledMs = nowMs;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}
