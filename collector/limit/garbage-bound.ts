import type { GarbageCollector } from './process-memory.ts';

export interface GarbageBoundEffects extends GarbageCollector {
  /** What arrays hold outside of V8's heap, garbage included. */
  arrayBytes: () => number;
  /** Of it, what is known to be in use or kept to be used again. */
  knownBytes: () => number;
}

const GARBAGE_BYTES_MAX = 96 * 1024 * 1024;
/** So much is left for the next bodies, else collecting what is new was not enough. */
const LEFT_BYTES_MAX = GARBAGE_BYTES_MAX / 2;

/**
 * Bounds the garbage outside of V8's heap (chunks of bodies, mostly), which V8 lets grow with what is in use there since `main.ts` told it to. When it has
 * grown by 96 MiB, what is new is collected, which nearly always is enough; else everything. What is in use and not known counts as garbage once, and
 * is the base from then on: a collection in vain is not repeated.
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
    this.#baseBytes = Math.min(this.#baseBytes, this.#unknownBytes());
    if (this.#grownBytes() < GARBAGE_BYTES_MAX) return;
    this.#isCollecting = true;
    await this.#effects.collectYoung();
    if (this.#grownBytes() > LEFT_BYTES_MAX) {
      await this.#effects.collectAll();
      this.#baseBytes = this.#unknownBytes();
    }
    this.#isCollecting = false;
  }

  #grownBytes(): number {
    return this.#unknownBytes() - this.#baseBytes;
  }

  #unknownBytes(): number {
    return Math.max(0, this.#effects.arrayBytes() - this.#effects.knownBytes());
  }
}
