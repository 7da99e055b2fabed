export interface GarbageBoundEffects {
  /** What V8 holds outside of its heap, garbage included. */
  externalBytes: () => number;
  /** Of it, what is known to be in use or kept to be used again. */
  knownBytes: () => number;
  collectGarbage: () => Promise<void>;
}

const GARBAGE_BYTES_MAX = 192 * 1024 * 1024;

/**
 * Bounds the garbage outside of V8's heap (chunks of bodies, mostly), which V8 lets grow with what is in use there since `main.ts` told it to: collected
 * when it has grown by 192 MiB. What is in use and not known counts as garbage once, and is the base from then on: a collection in vain is not repeated.
 */
export class GarbageBound {
  readonly #effects: GarbageBoundEffects;
  #baseBytes = 0;
  #isCollecting = false;

  constructor(effects: GarbageBoundEffects) {
    this.#effects = effects;
  }

  /** To be called ten times a second. */
  async check(): Promise<void> {
    if (this.#isCollecting) return;
    const unknownBytes = this.#unknownBytes();
    this.#baseBytes = Math.min(this.#baseBytes, unknownBytes);
    if (unknownBytes - this.#baseBytes < GARBAGE_BYTES_MAX) return;
    this.#isCollecting = true;
    await this.#effects.collectGarbage();
    this.#isCollecting = false;
    this.#baseBytes = this.#unknownBytes();
  }

  #unknownBytes(): number {
    return Math.max(0, this.#effects.externalBytes() - this.#effects.knownBytes());
  }
}
