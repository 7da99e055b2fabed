import type { Scope, SpanRecord } from '../span/span-record.ts';
import type { SpanBatch } from './span-buffer.ts';

/** The batch that is being filled. */
export interface OpenBatch {
  readonly spanCount: number;
  readonly byteCount: number;
  add: (scope: Scope, span: SpanRecord) => void;
  /** Takes everything out as one request. */
  seal: () => SpanBatch;
}

export interface QueueLimits {
  queueSpansMax: number;
  batchSpansMax: number;
}

const BATCH_BYTES_MAX = 4 * 1024 * 1024;
const QUEUE_BYTES_MAX = 64 * 1024 * 1024;

/**
 * The spans that wait: an open batch that is being filled, and sealed ones, oldest first. The one being sent stays, and
 * counts, until it is settled. Bounded in spans and in bytes: whoever adds asks `isFull` first and drops where it is.
 */
export class BatchQueue {
  readonly #open: OpenBatch;
  readonly #limits: QueueLimits;
  readonly #sealed: SpanBatch[] = [];
  #sealedSpans = 0;
  #sealedBytes = 0;
  /** What the open batch may hold until the queue is full: asked for each span, and so kept ready. */
  #openSpansMax: number;
  #openBytesMax = QUEUE_BYTES_MAX;
  #batchesSealed = 0;
  #batchesSettled = 0;

  constructor(open: OpenBatch, limits: QueueLimits) {
    this.#open = open;
    this.#limits = limits;
    this.#openSpansMax = limits.queueSpansMax;
  }

  get spanCount(): number {
    return this.#sealedSpans + this.#open.spanCount;
  }

  get byteCount(): number {
    return this.#sealedBytes + this.#open.byteCount;
  }

  get isFull(): boolean {
    return this.#open.spanCount >= this.#openSpansMax || this.#open.byteCount >= this.#openBytesMax;
  }

  get openSpanCount(): number {
    return this.#open.spanCount;
  }

  get isOpenBatchFull(): boolean {
    return this.#open.spanCount >= this.#limits.batchSpansMax || this.#open.byteCount >= BATCH_BYTES_MAX;
  }

  /** The next to be sent. */
  get oldest(): SpanBatch | undefined {
    return this.#sealed[0];
  }

  /** Of all batches ever, how many were sealed and how many of those are settled: a flush waits for the second to reach the first. */
  get batchesSealed(): number {
    return this.#batchesSealed;
  }

  get batchesSettled(): number {
    return this.#batchesSettled;
  }

  /** May throw what foreign code throws; the open batch is whole then. */
  add(scope: Scope, span: SpanRecord): void {
    this.#open.add(scope, span);
  }

  seal(): void {
    const batch = this.#open.seal();
    this.#sealed.push(batch);
    this.#countSealed(batch.spanCount, batch.bytes.length);
    this.#batchesSealed++;
  }

  /** Takes the oldest batch out. */
  settle(): void {
    const batch = this.#sealed.shift();
    if (batch === undefined) return;
    this.#countSealed(-batch.spanCount, -batch.bytes.length);
    this.#batchesSettled++;
  }

  /** Takes everything out, and says how many spans that were. */
  clear(): number {
    this.seal();
    const spanCount = this.#sealedSpans;
    this.#sealed.length = 0;
    this.#countSealed(-this.#sealedSpans, -this.#sealedBytes);
    return spanCount;
  }

  #countSealed(spans: number, bytes: number): void {
    this.#sealedSpans += spans;
    this.#sealedBytes += bytes;
    this.#openSpansMax = this.#limits.queueSpansMax - this.#sealedSpans;
    this.#openBytesMax = QUEUE_BYTES_MAX - this.#sealedBytes;
  }
}
