import { COLUMNS, type SpanBatch } from '../../receive/span-batch.ts';
import { noFates, type SpanFates } from '../span-fates.ts';
import { ArrayPool } from './array-pool.ts';
import { EnvelopePool, type PooledScope } from './envelope-pool.ts';

/** A batch as it came, in memory until the last trace in it is decided: spans are not copied one by one to wait. */
export interface HeldBatch extends SpanBatch {
  readonly scopes: PooledScope[];
  readonly index: number;
  /** Where bytes and numbers lie, one behind the other. */
  readonly array: ArrayBuffer;
  readonly bytesHeld: number;
  /** Runs of rows of undecided traces, and one while it is being taken. */
  uses: number;
  /** Counted by whoever decides. */
  readonly fates: SpanFates;
  /** Called when it has no use any more: its fates are final. */
  readonly onReleased: ((fates: SpanFates) => void) | undefined;
}

/** Rows begin at a line of the processor's cache. */
const ROW_BYTES = COLUMNS * Uint32Array.BYTES_PER_ELEMENT;
/** The objects around the array: an estimate on the safe side. */
const OBJECTS_BYTES = 768;

/** Holds batches and what they share, and knows the bytes of it. */
export class HeldBatches {
  readonly #pool = new EnvelopePool();
  readonly #arrays = new ArrayPool();
  readonly #batches: (HeldBatch | undefined)[] = [];
  readonly #freeIndexes: number[] = [];
  #bytesHeld = 0;

  get bytesHeld(): number {
    return this.#bytesHeld + this.#pool.bytesHeld;
  }

  /** A copy of it, with one use, which is the caller's. */
  take(batch: SpanBatch, onReleased?: (fates: SpanFates) => void): HeldBatch {
    const { spanCount } = batch;
    const scopes = batch.scopes.map((scope) => this.#pool.take(scope));
    const numbersAt = Math.ceil(batch.bytes.length / ROW_BYTES) * ROW_BYTES;
    const array = this.#arrays.take(numbersAt + batch.numbers.byteLength);
    const bytes = new Uint8Array(array, 0, batch.bytes.length);
    const numbers = new Uint32Array(array, numbersAt, batch.numbers.length);
    bytes.set(batch.bytes);
    numbers.set(batch.numbers);
    const bytesHeld = array.byteLength + OBJECTS_BYTES;
    const index = this.#freeIndexes.pop() ?? this.#batches.length;
    const own = { index, array, bytesHeld, uses: 1, fates: noFates(), onReleased };
    const held: HeldBatch = { bytes, spanCount, numbers, scopes, ...own };
    this.#batches[index] = held;
    this.#bytesHeld += bytesHeld;
    return held;
  }

  /** One that has uses. */
  at(index: number): HeldBatch {
    return this.#batches[index] as HeldBatch;
  }

  giveBack(batch: HeldBatch): void {
    batch.uses--;
    if (batch.uses > 0) return;
    this.#batches[batch.index] = undefined;
    this.#freeIndexes.push(batch.index);
    this.#bytesHeld -= batch.bytesHeld;
    this.#arrays.giveBack(batch.array);
    for (const scope of batch.scopes) this.#pool.giveBack(scope);
    batch.onReleased?.(batch.fates);
  }
}
