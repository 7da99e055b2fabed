const POOLED_BYTES_MIN = 4096;
const POOLED_BYTES_MAX = 4 * 1024 * 1024;
/** So many sizes from one power of two to the next: at most a 32nd of an array is unused. */
const SIZES_PER_DOUBLING = 32;

interface Kept {
  arrays: ArrayBuffer[];
  /** As few as there were since unused ones were forgotten. */
  countLowest: number;
}

/**
 * Arrays for requests, from their last chunk until their last trace is decided, used again and again. What is new and then lives for seconds outside
 * of V8's heap makes V8 mark the heap: garbage collection was two fifths of what a span cost (docs/decisions/013).
 */
export class ArrayPool {
  /** By their length. */
  readonly #kept = new Map<number, Kept>();
  readonly #keptBytesMax: number;
  #keptBytes = 0;
  #takenBytes = 0;

  /** What may wait at the same time, so that it may wait again without a new array. */
  constructor(keptBytesMax: number) {
    this.#keptBytesMax = keptBytesMax;
  }

  get keptBytes(): number {
    return this.#keptBytes;
  }

  /** In use or kept. */
  get byteLength(): number {
    return this.#takenBytes + this.#keptBytes;
  }

  /** At least so long; what is in it is anything. */
  take(byteLength: number): ArrayBuffer {
    const size = sizeFor(byteLength);
    this.#takenBytes += size;
    const kept = this.#kept.get(size);
    const array = kept?.arrays.pop();
    if (kept === undefined || array === undefined) return new ArrayBuffer(size);
    kept.countLowest = Math.min(kept.countLowest, kept.arrays.length);
    this.#keptBytes -= size;
    return array;
  }

  /** Nobody uses it any more. */
  giveBack(array: ArrayBuffer): void {
    const size = array.byteLength;
    this.#takenBytes -= size;
    if (size < POOLED_BYTES_MIN || size > POOLED_BYTES_MAX || this.#keptBytes + size > this.#keptBytesMax) return;
    const kept = this.#kept.get(size);
    if (kept === undefined) this.#kept.set(size, { arrays: [array], countLowest: 0 });
    else kept.arrays.push(array);
    this.#keptBytes += size;
  }

  /** Where memory is short: what is kept is garbage then. */
  empty(): void {
    this.#kept.clear();
    this.#keptBytes = 0;
  }

  /** Those for which nobody has asked since the last call, so that a burst is not kept for ever. */
  forgetUnused(): void {
    for (const [size, kept] of this.#kept) {
      this.#keptBytes -= kept.arrays.splice(0, kept.countLowest).length * size;
      kept.countLowest = kept.arrays.length;
      if (kept.arrays.length === 0) this.#kept.delete(size);
    }
  }
}

function sizeFor(byteLength: number): number {
  if (byteLength < POOLED_BYTES_MIN || byteLength > POOLED_BYTES_MAX) return byteLength;
  const step = 2 ** Math.floor(Math.log2(byteLength)) / SIZES_PER_DOUBLING;
  return Math.ceil(byteLength / step) * step;
}
