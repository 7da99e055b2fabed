import { COLUMNS, type ScopeEnvelope, type SpanBatch } from './span-batch.ts';

const ROWS_INITIAL = 64;

/** Collects the rows of a batch in columns that grow by doubling. */
export class SpanBatchBuilder {
  readonly #bytes: Uint8Array;
  readonly #scopes: ScopeEnvelope[] = [];
  #numbers = new Uint32Array(ROWS_INITIAL * COLUMNS);
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
    if (this.#spanCount * COLUMNS === this.#numbers.length) this.#grow();
    return { numbers: this.#numbers, at: this.#spanCount++ * COLUMNS };
  }

  finish(): SpanBatch {
    return {
      bytes: this.#bytes,
      spanCount: this.#spanCount,
      numbers: this.#numbers.slice(0, this.#spanCount * COLUMNS),
      scopes: this.#scopes,
    };
  }

  #grow(): void {
    const numbers = new Uint32Array(this.#numbers.length * 2);
    numbers.set(this.#numbers);
    this.#numbers = numbers;
  }
}
