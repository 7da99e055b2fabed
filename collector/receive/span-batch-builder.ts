import type { BatchMemory } from './batch-memory.ts';
import { COLUMNS, type ScopeEnvelope, type SpanBatch } from './span-batch.ts';

/** 256 KiB: more than usual requests need. What larger ones need is not kept. */
const ROWS_KEPT = 4096;
const ROW_BYTES = COLUMNS * Uint32Array.BYTES_PER_ELEMENT;

/** Rows of the request that is being scanned: nothing interrupts a scan, so that a thread needs one. */
let rows = new Uint32Array(ROWS_KEPT * COLUMNS);

/** Collects the rows of a batch, which get an array of their own when their number is known. */
export class SpanBatchBuilder {
  readonly #bytes: Uint8Array;
  readonly #scopes: ScopeEnvelope[] = [];
  #spanCount = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The index that rows of this scope carry. */
  addScope(scope: ScopeEnvelope): number {
    return this.#scopes.push(scope) - 1;
  }

  /** A new row, to be filled by the caller: the COLUMNS numbers from `at` on. */
  addRow(): { numbers: Uint32Array; at: number } {
    if (this.#spanCount * COLUMNS === rows.length) grow();
    return { numbers: rows, at: this.#spanCount++ * COLUMNS };
  }

  /** In the memory where the bytes lie, if it is of a pool. */
  finish(memory: BatchMemory | undefined): SpanBatch {
    const array = memory?.take(this.#spanCount * ROW_BYTES) ?? new ArrayBuffer(this.#spanCount * ROW_BYTES);
    const numbers = new Uint32Array(array, 0, this.#spanCount * COLUMNS);
    numbers.set(rows.subarray(0, numbers.length));
    if (rows.length > ROWS_KEPT * COLUMNS) rows = new Uint32Array(ROWS_KEPT * COLUMNS);
    const batch = { bytes: this.#bytes, spanCount: this.#spanCount, numbers, scopes: this.#scopes };
    return memory === undefined ? batch : { ...batch, memory };
  }
}

function grow(): void {
  const longer = new Uint32Array(rows.length * 2);
  longer.set(rows);
  rows = longer;
}
