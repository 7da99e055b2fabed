import type { SpanBatch } from '../../receive/span-batch.ts';
import type { EnvelopePool, PooledScope } from './envelope-pool.ts';

/** A batch as it came, in memory until the last trace in it is decided: spans are not copied to wait. */
export interface HeldBatch extends SpanBatch {
  readonly scopes: PooledScope[];
  readonly index: number;
  readonly bytesHeld: number;
  /** Runs of rows of undecided traces, and one while it is being taken. */
  uses: number;
  /** Called when it has no use any more. */
  readonly onReleased: (() => void) | undefined;
}

/** The objects around the arrays: an estimate on the safe side. */
const OBJECTS_BYTES = 768;

/** Holds batches and what they share, and knows the bytes of it. */
export class HeldBatches {
  readonly #pool: EnvelopePool;
  readonly #batches: (HeldBatch | undefined)[] = [];
  readonly #freeIndexes: number[] = [];
  #bytesHeld = 0;

  constructor(pool: EnvelopePool) {
    this.#pool = pool;
  }

  get bytesHeld(): number {
    return this.#bytesHeld + this.#pool.bytesHeld;
  }

  /** With one use, which is the caller's. */
  take(batch: SpanBatch, onReleased?: () => void): HeldBatch {
    const { bytes, spanCount, numbers } = batch;
    const scopes = batch.scopes.map((scope) => this.#pool.take(scope));
    const bytesHeld = bytes.byteLength + numbers.byteLength + OBJECTS_BYTES;
    const index = this.#freeIndexes.pop() ?? this.#batches.length;
    const held: HeldBatch = { bytes, spanCount, numbers, scopes, index, bytesHeld, uses: 1, onReleased };
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
    for (const scope of batch.scopes) this.#pool.giveBack(scope);
    batch.onReleased?.();
  }
}
