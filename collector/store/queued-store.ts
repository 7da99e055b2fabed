import type { DecidedTrace } from '../sample/decided-trace.ts';
import type { StoreCounts, StoredNotice, TraceQuery, TraceSearchResult, TraceStore } from './trace-store.ts';
import type { TraceTable } from './trace-table.ts';
import { DrainRate } from './drain-rate.ts';
import { WriteQueue, type WriteQueueBounds } from './write-queue.ts';

export interface QueuedStoreEffects {
  report: (message: string) => void;
  delay: (ms: number) => Promise<void>;
  /** Monotonic. */
  nowMs: () => number;
}

/** How long a table that cannot write just now is left alone. */
const RETRY_MS = 500;
/** No sender waits longer for room than this, however slow the store is. */
const RETRY_AFTER_S_MAX = 60;

/** A store is a bounded queue in front of a table; one batch is written at a time, in order. */
export class QueuedTraceStore implements TraceStore {
  readonly #table: TraceTable;
  readonly #queue: WriteQueue;
  readonly #effects: QueuedStoreEffects;
  readonly #drainRate: DrainRate;
  /** After a batch was refused, its traces are tried one by one, to lose only the one that cannot be stored. */
  #singlesLeft = 0;
  readonly #listeners = new Set<(stored: StoredNotice) => void>();
  #writing: Promise<void> | undefined;
  /** Whether the oldest waits for more, up to a time. */
  #isWaiting = false;
  /** How many wait for all to be written: then nothing waits for more. */
  #flushes = 0;
  /** Said once, not at every try. */
  #waitsFor: string | undefined;
  #spansAccepted = 0;
  #spansStored = 0;
  #spansDropped = 0;
  #isClosed = false;

  constructor(table: TraceTable, bounds: WriteQueueBounds, effects: QueuedStoreEffects) {
    this.#table = table;
    this.#queue = new WriteQueue(bounds);
    this.#effects = effects;
    this.#drainRate = new DrainRate(effects.nowMs);
  }

  hasRoom(): boolean {
    return this.#queue.hasRoom;
  }

  fullness(): number {
    return this.#queue.fullness;
  }

  untilRoom(): Promise<void> {
    return this.#queue.untilRoom();
  }

  retryAfterS(): number {
    const seconds = Math.ceil(this.#drainRate.secondsFor(this.#queue.spansUntilRoom));
    return Math.min(Math.max(seconds, 1), RETRY_AFTER_S_MAX);
  }

  accept(trace: DecidedTrace): void {
    this.#spansAccepted += trace.spanCount;
    if (this.#isClosed) {
      this.#spansDropped += trace.spanCount;
      return;
    }
    this.#queue.add(trace);
    if (this.#writing === undefined) this.#writeWhenDue();
  }

  async readParts(traceId: string): Promise<Uint8Array[]> {
    // First the queue: what is written meanwhile then comes twice instead of not at all.
    const queued = this.#queue.partsOf(traceId);
    return [...(await this.#table.readParts(traceId)), ...queued];
  }

  search(query: TraceQuery): Promise<TraceSearchResult> {
    return this.#table.search(query);
  }

  services(): Promise<string[]> {
    return this.#table.services();
  }

  operations(service: string): Promise<string[]> {
    return this.#table.operations(service);
  }

  counts(): StoreCounts {
    return {
      spansAccepted: this.#spansAccepted,
      spansStored: this.#spansStored,
      spansQueued: this.#queue.spanCount,
      spansDropped: this.#spansDropped,
      bytesQueued: this.#queue.byteCount,
    };
  }

  onStored(listener: (stored: StoredNotice) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async flush(): Promise<void> {
    this.#flushes++;
    if (this.#writing === undefined) this.#writeWhenDue();
    await this.#writing;
    this.#flushes--;
  }

  async close(withinMs: number): Promise<void> {
    await Promise.race([this.flush(), this.#effects.delay(withinMs)]);
    this.#isClosed = true;
    if (!this.#queue.isEmpty) {
      this.#spansDropped += this.#queue.spanCount;
      this.#effects.report(
        `the store could not write ${this.#queue.spanCount} spans within ${withinMs} ms: they are lost`,
      );
      this.#queue.clear();
    }
    await this.#table.close();
  }

  #writeWhenDue(): void {
    if (this.#queue.isEmpty) return;
    if (this.#isDue()) this.#writing = this.#writeDue();
    else if (!this.#isWaiting) void this.#waitForMore();
  }

  #isDue(): boolean {
    return this.#flushes > 0 || this.#singlesLeft > 0 || this.#queue.waitMs === 0;
  }

  async #waitForMore(): Promise<void> {
    this.#isWaiting = true;
    await this.#effects.delay(this.#queue.waitMs);
    this.#isWaiting = false;
    // Whatever was written meanwhile, what is there now has waited for some time, and a group that is too small does no harm.
    if (this.#writing === undefined && !this.#queue.isEmpty && !this.#isClosed) this.#writing = this.#writeDue();
  }

  /** At least one batch, and as many as are due. */
  async #writeDue(): Promise<void> {
    this.#drainRate.begin();
    do {
      const batch = this.#queue.nextBatch();
      await this.#writeBatch(this.#singlesLeft > 0 ? batch.slice(0, 1) : batch);
    } while (!this.#queue.isEmpty && !this.#isClosed && this.#isDue());
    this.#drainRate.end();
    this.#writing = undefined;
    if (!this.#isClosed) this.#writeWhenDue();
  }

  async #writeBatch(batch: readonly DecidedTrace[]): Promise<void> {
    const outcome = await this.#table.write(batch);
    if (this.#isClosed) return;
    if (outcome.kind === 'stored') this.#settleStored(batch);
    else if (outcome.kind === 'unavailable') await this.#waitFor(outcome.reason);
    else if (batch.length > 1) this.#singlesLeft = batch.length;
    else this.#settleDropped(batch, outcome.reason);
  }

  #settleStored(batch: readonly DecidedTrace[]): void {
    this.#remove(batch);
    this.#waitsFor = undefined;
    this.#spansStored += spansOf(batch);
    const newestStartTimeUnixNano = batch.reduce(
      (newest, { startTimeUnixNano: start }) => (start > newest ? start : newest),
      0n,
    );
    for (const listener of this.#listeners) listener({ tracesStored: batch.length, newestStartTimeUnixNano });
  }

  #settleDropped(batch: readonly DecidedTrace[], reason: string): void {
    this.#remove(batch);
    this.#spansDropped += spansOf(batch);
    this.#effects.report(`the store refused trace ${batch[0]?.traceId}: ${reason}`);
  }

  #remove(batch: readonly DecidedTrace[]): void {
    this.#queue.remove(batch.length);
    this.#drainRate.record(spansOf(batch));
    this.#singlesLeft = Math.max(0, this.#singlesLeft - batch.length);
  }

  async #waitFor(reason: string): Promise<void> {
    if (reason !== this.#waitsFor)
      this.#effects.report(`the store cannot write just now, what is kept waits: ${reason}`);
    this.#waitsFor = reason;
    await this.#effects.delay(RETRY_MS);
  }
}

function spansOf(batch: readonly DecidedTrace[]): number {
  return batch.reduce((total, trace) => total + trace.spanCount, 0);
}
