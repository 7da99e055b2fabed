import { Column, COLUMNS, columnAt, idWordAt, NO_ROW, type SpanBatch } from '../receive/span-batch.ts';
import type { HeldBatch, HeldBatches } from './held-batch.ts';
import { SpanIds } from './span-ids.ts';
import type { TraceIdWords } from './trace-table.ts';

/** Of the trace, its places in table and queues, and of a run: an estimate on the safe side. */
const TRACE_BYTES = 512;
const RUN_BYTES = 32;

/** A trace that is not yet decided: which rows of which batches are its spans, in the order of arrival. */
export class PendingTrace implements TraceIdWords {
  readonly idA: number;
  readonly idB: number;
  readonly idC: number;
  readonly idD: number;
  readonly firstSeenMs: number;
  rootSeenMs: number | undefined;
  spanCount = 0;
  /** Runs of rows that are linked by their column `next`: the batch and the first row of each. */
  readonly #batches: HeldBatch[] = [];
  readonly #firstRows: number[] = [];
  #lastRow = NO_ROW;
  readonly #spanIds = new SpanIds();

  /** The trace whose id stands in this row. */
  constructor(batch: SpanBatch, row: number, firstSeenMs: number) {
    const at = columnAt(batch, row, Column.traceIdAt);
    this.idA = idWordAt(batch.bytes, at);
    this.idB = idWordAt(batch.bytes, at + 4);
    this.idC = idWordAt(batch.bytes, at + 8);
    this.idD = idWordAt(batch.bytes, at + 12);
    this.firstSeenMs = firstSeenMs;
  }

  /** 32 hex digits. */
  get traceId(): string {
    return hexOf(this.idA) + hexOf(this.idB) + hexOf(this.idC) + hexOf(this.idD);
  }

  /** Of the trace alone: its batches are counted once for all traces in them. */
  get bytesHeld(): number {
    return TRACE_BYTES + this.#batches.length * RUN_BYTES + this.#spanIds.bytesHeld;
  }

  /** False where its span is there already. */
  addRow(batch: HeldBatch, row: number): boolean {
    if (!this.#spanIds.add(batch.bytes, columnAt(batch, row, Column.spanIdAt))) return false;
    if (this.#batches.at(-1) === batch) {
      batch.numbers[this.#lastRow * COLUMNS + Column.next] = row;
    } else {
      this.#batches.push(batch);
      this.#firstRows.push(row);
      batch.uses++;
    }
    this.#lastRow = row;
    this.spanCount++;
    return true;
  }

  /** Whether the span whose id stands at this place has arrived. */
  hasSpanId(bytes: Uint8Array, at: number): boolean {
    return this.#spanIds.has(bytes, at);
  }

  /** Whether any span matches, asked in the order of arrival. */
  hasSpan(isMatch: (batch: HeldBatch, row: number) => boolean): boolean {
    for (let run = 0; run < this.#batches.length; run++) {
      const batch = this.#batches[run] as HeldBatch;
      for (let row = this.#firstRows[run] as number; row !== NO_ROW; row = columnAt(batch, row, Column.next)) {
        if (isMatch(batch, row)) return true;
      }
    }
    return false;
  }

  forEachSpan(look: (batch: HeldBatch, row: number) => void): void {
    this.hasSpan((batch, row) => {
      look(batch, row);
      return false;
    });
  }

  /** After its decision the trace no longer holds its batches. */
  release(held: HeldBatches): void {
    for (const batch of this.#batches) held.giveBack(batch);
  }
}

function hexOf(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}
