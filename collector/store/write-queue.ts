import type { BatchConfig } from '../config/collector-config.ts';
import { FULLNESS_CALM, type DecidedTrace } from '../sample/decided-trace.ts';

export interface WriteQueueBounds {
  spansMax: number;
  bytesMax: number;
  /** Spans of one batch; a single larger trace is a batch of its own. */
  batchSpansMax: number;
  /** Fewer wait for others, but no longer than `batchWaitMs`. @default 0 */
  batchSpansMin?: number;
  /** @default 0 */
  batchWaitMs?: number;
}

export const WRITE_QUEUE_BOUNDS: WriteQueueBounds = {
  spansMax: 100_000,
  bytesMax: 64 * 1024 * 1024,
  batchSpansMax: 1000,
};

/** As `processors.batch` says, where there is one. */
export function boundsOf(batch: BatchConfig | undefined): WriteQueueBounds {
  if (batch === undefined) return WRITE_QUEUE_BOUNDS;
  const { timeoutMs, spansMin, spansMax } = batch;
  const batchSpansMax = spansMax === 0 ? WRITE_QUEUE_BOUNDS.spansMax : spansMax;
  return { ...WRITE_QUEUE_BOUNDS, batchSpansMax, batchSpansMin: spansMin, batchWaitMs: timeoutMs };
}

/** What waits for the store, in order. A batch stays in the queue until its fate is known, so that it is still read and counted. */
export class WriteQueue {
  readonly #bounds: WriteQueueBounds;
  #traces: DecidedTrace[] = [];
  #spanCount = 0;
  #byteCount = 0;
  #isFull = false;
  #waiting: (() => void)[] = [];

  constructor(bounds: WriteQueueBounds) {
    this.#bounds = bounds;
  }

  get spanCount(): number {
    return this.#spanCount;
  }

  get byteCount(): number {
    return this.#byteCount;
  }

  get isEmpty(): boolean {
    return this.#traces.length === 0;
  }

  /** False from the bound on until half of it is free again, so that it does not flicker. */
  get hasRoom(): boolean {
    return !this.#isFull;
  }

  /** How long a batch may wait for more spans; 0 where there are enough, or so many that samplers would take the store for a slow one. */
  get waitMs(): number {
    const { batchSpansMin = 0, batchWaitMs = 0 } = this.#bounds;
    return this.#spanCount >= batchSpansMin || this.fullness > FULLNESS_CALM ? 0 : batchWaitMs;
  }

  /** About how many spans must be written until there is room again, where spans are alike. */
  get spansUntilRoom(): number {
    if (!this.#isFull) return 0;
    return this.#spanCount * (1 - 0.5 / this.fullness);
  }

  /** Of the bound that is nearer: 1 there, more where a trace has overshot it. */
  get fullness(): number {
    return Math.max(this.#spanCount / this.#bounds.spansMax, this.#byteCount / this.#bounds.bytesMax);
  }

  untilRoom(): Promise<void> {
    if (!this.#isFull) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push(resolve);
    return promise;
  }

  add(trace: DecidedTrace): void {
    this.#traces.push(trace);
    this.#spanCount += trace.spanCount;
    this.#byteCount += trace.bytes.length;
    this.#isFull ||= this.#spanCount >= this.#bounds.spansMax || this.#byteCount >= this.#bounds.bytesMax;
  }

  /** The oldest traces, up to the size of a batch; they stay until `remove`. */
  nextBatch(): DecidedTrace[] {
    const batch: DecidedTrace[] = [];
    let spans = 0;
    for (const trace of this.#traces) {
      spans += trace.spanCount;
      if (batch.length > 0 && spans > this.#bounds.batchSpansMax) break;
      batch.push(trace);
    }
    return batch;
  }

  /** The fate of the oldest `count` traces is known. */
  remove(count: number): void {
    for (const trace of this.#traces.slice(0, count)) {
      this.#spanCount -= trace.spanCount;
      this.#byteCount -= trace.bytes.length;
    }
    this.#traces = this.#traces.slice(count);
    const { spansMax, bytesMax } = this.#bounds;
    if (this.#isFull && this.#spanCount <= spansMax / 2 && this.#byteCount <= bytesMax / 2) this.#release();
  }

  partsOf(traceId: string): Uint8Array[] {
    return this.#traces.filter((trace) => trace.traceId === traceId).map((trace) => trace.bytes);
  }

  /** Nothing more will be written: whoever waits for room shall not wait forever. */
  clear(): void {
    this.remove(this.#traces.length);
    this.#release();
  }

  #release(): void {
    this.#isFull = false;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
