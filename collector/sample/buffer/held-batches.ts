import { ArrayPool } from '../../receive/array-pool.ts';
import { BatchMemory } from '../../receive/batch-memory.ts';
import type { SpanBatch } from '../../receive/span-batch.ts';
import { noFates, type SpanFates } from '../span-fates.ts';
import { EnvelopePool, type PooledScope } from './envelope-pool.ts';

/** A batch as it came, in memory until the last trace in it is decided: spans are not copied one by one to wait. */
export interface HeldBatch extends SpanBatch {
  readonly scopes: PooledScope[];
  readonly index: number;
  readonly memory: BatchMemory;
  readonly bytesHeld: number;
  /** Runs of rows of undecided traces, and one while it is being taken. */
  uses: number;
  /** Counted by whoever decides. */
  readonly fates: SpanFates;
  /** Called when it has no use any more: its fates are final. */
  readonly onReleased: ((fates: SpanFates) => void) | undefined;
}

/** The objects around the arrays: an estimate on the safe side. */
const OBJECTS_BYTES = 1024;

/** Holds batches and what they share, and knows the bytes of it. */
export class HeldBatches {
  readonly #pool = new EnvelopePool();
  readonly #arrays: ArrayPool;
  readonly #batches: (HeldBatch | undefined)[] = [];
  readonly #freeIndexes: number[] = [];
  #bytesHeld = 0;

  /** For what does not lie in memory of a pool yet. */
  constructor(arrays: ArrayPool) {
    this.#arrays = arrays;
  }

  get bytesHeld(): number {
    return this.#bytesHeld + this.#pool.bytesHeld;
  }

  /** It, or a copy where it is in nobody's memory, with one use, which is the caller's. */
  take(batch: SpanBatch, onReleased?: (fates: SpanFates) => void): HeldBatch {
    const { spanCount } = batch;
    const scopes = batch.scopes.map((scope) => this.#pool.take(scope));
    const memory = batch.memory?.hold() ?? new BatchMemory(this.#arrays);
    const { bytes, numbers } = batch.memory === undefined ? copyTo(memory, batch) : batch;
    const bytesHeld = memory.byteLength + OBJECTS_BYTES;
    const index = this.#freeIndexes.pop() ?? this.#batches.length;
    const own = { index, memory, bytesHeld, uses: 1, fates: noFates(), onReleased };
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
    batch.memory.release();
    for (const scope of batch.scopes) this.#pool.giveBack(scope);
    batch.onReleased?.(batch.fates);
  }
}

function copyTo(memory: BatchMemory, batch: SpanBatch): Pick<SpanBatch, 'bytes' | 'numbers'> {
  const bytes = Buffer.from(memory.take(batch.bytes.length), 0, batch.bytes.length);
  const numbers = new Uint32Array(memory.take(batch.numbers.byteLength), 0, batch.numbers.length);
  bytes.set(batch.bytes);
  numbers.set(batch.numbers);
  return { bytes, numbers };
}
