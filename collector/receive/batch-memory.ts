import type { ArrayPool } from './array-pool.ts';

/**
 * The arrays in which a request lies, from its last chunk until its last trace is decided. Several may hold them at the same time: its receiver
 * until it is answered, a sampler until nothing of it waits. They go back to their pool when the last of them lets go, and nobody may read them then.
 */
export class BatchMemory {
  readonly #pool: ArrayPool;
  readonly #arrays: ArrayBuffer[] = [];
  #byteLength = 0;
  #holders = 1;

  /** Held by whoever creates it. */
  constructor(pool: ArrayPool) {
    this.#pool = pool;
  }

  get byteLength(): number {
    return this.#byteLength;
  }

  /** At least so long; what is in it is anything. */
  take(byteLength: number): ArrayBuffer {
    const array = this.#pool.take(byteLength);
    this.#arrays.push(array);
    this.#byteLength += array.byteLength;
    return array;
  }

  hold(): this {
    this.#assertHeld();
    this.#holders++;
    return this;
  }

  /** Once by each holder. */
  release(): void {
    this.#assertHeld();
    if (--this.#holders > 0) return;
    for (const array of this.#arrays) this.#pool.giveBack(array);
  }

  #assertHeld(): void {
    if (this.#holders === 0) throw new Error('the memory of a request was used after its last holder had released it');
  }
}
