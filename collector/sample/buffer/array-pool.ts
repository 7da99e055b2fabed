const KEPT_BYTES_MAX = 64 * 1024 * 1024;
const POOLED_BYTES_MIN = 4096;
const POOLED_BYTES_MAX = 4 * 1024 * 1024;
/** So many sizes from one power of two to the next: at most an eighth of an array is unused. */
const SIZES_PER_DOUBLING = 8;

/**
 * Arrays for the bytes of waiting requests, used again and again. What is new and then lives for seconds outside of V8's heap makes V8 mark the whole
 * heap for every 64 MiB of it: garbage collection was two fifths of what a span cost.
 */
export class ArrayPool {
  /** By their length. */
  readonly #kept = new Map<number, ArrayBuffer[]>();
  #keptBytes = 0;

  get keptBytes(): number {
    return this.#keptBytes;
  }

  /** At least so long; what is in it is anything. */
  take(byteLength: number): ArrayBuffer {
    const size = sizeFor(byteLength);
    const kept = this.#kept.get(size)?.pop();
    if (kept === undefined) return new ArrayBuffer(size);
    this.#keptBytes -= size;
    return kept;
  }

  /** Nobody uses it any more. */
  giveBack(array: ArrayBuffer): void {
    const size = array.byteLength;
    if (size < POOLED_BYTES_MIN || size > POOLED_BYTES_MAX || this.#keptBytes + size > KEPT_BYTES_MAX) return;
    const kept = this.#kept.get(size);
    if (kept === undefined) this.#kept.set(size, [array]);
    else kept.push(array);
    this.#keptBytes += size;
  }
}

function sizeFor(byteLength: number): number {
  if (byteLength < POOLED_BYTES_MIN || byteLength > POOLED_BYTES_MAX) return byteLength;
  const step = 2 ** Math.floor(Math.log2(byteLength)) / SIZES_PER_DOUBLING;
  return Math.ceil(byteLength / step) * step;
}
