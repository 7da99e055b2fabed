import { COLUMNS, type ScopeEnvelope, type SpanBatch } from './span-batch.ts';

/** A usual span; a request of smaller ones makes the columns grow. */
const SPAN_BYTES = 256;
const ROWS_INITIAL_MAX = 4096;

/** Collects the rows of a batch in columns that grow by doubling. */
export class SpanBatchBuilder {
  readonly #bytes: Uint8Array;
  readonly #scopes: ScopeEnvelope[] = [];
  #numbers: Uint32Array;
  #spanCount = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#numbers = new Uint32Array(COLUMNS * Math.min(ROWS_INITIAL_MAX, 1 + Math.ceil(bytes.length / SPAN_BYTES)));
  }

  /** The index that rows of this scope carry. */
  addScope(scope: ScopeEnvelope): number {
    return this.#scopes.push(scope) - 1;
  }

  /** A new row, to be filled by the caller: the COLUMNS numbers from `at` on. */
  addRow(): { numbers: Uint32Array; at: number } {
    if (this.#spanCount * COLUMNS === this.#numbers.length) this.#grow();
    return { numbers: this.#numbers, at: this.#spanCount++ * COLUMNS };
  }

  finish(): SpanBatch {
    return {
      bytes: this.#bytes,
      spanCount: this.#spanCount,
      numbers: this.#numbers.subarray(0, this.#spanCount * COLUMNS),
      scopes: this.#scopes,
    };
  }

  #grow(): void {
    const numbers = new Uint32Array(this.#numbers.length * 2);
    numbers.set(this.#numbers);
    this.#numbers = numbers;
  }
}
