import { COLUMNS, type ScopeEnvelope, type SpanBatch } from './span-batch.ts';

const ROWS_INITIAL = 64;

/** Collects the rows of a batch in columns that grow by doubling. */
export class SpanBatchBuilder {
  readonly #bytes: Uint8Array;
  readonly #scopes: ScopeEnvelope[] = [];
  #numbers = new Uint32Array(ROWS_INITIAL * COLUMNS);
  #times = new BigUint64Array(ROWS_INITIAL * 2);
  #spanCount = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The index that rows of this scope carry. */
  addScope(scope: ScopeEnvelope): number {
    return this.#scopes.push(scope) - 1;
  }

  /** `row` holds COLUMNS numbers. */
  addSpan(row: ArrayLike<number>, startTimeUnixNano: bigint, endTimeUnixNano: bigint): void {
    if (this.#spanCount * 2 === this.#times.length) this.#grow();
    this.#numbers.set(row, this.#spanCount * COLUMNS);
    this.#times[this.#spanCount * 2] = startTimeUnixNano;
    this.#times[this.#spanCount * 2 + 1] = endTimeUnixNano;
    this.#spanCount++;
  }

  finish(): SpanBatch {
    return {
      bytes: this.#bytes,
      spanCount: this.#spanCount,
      numbers: this.#numbers.slice(0, this.#spanCount * COLUMNS),
      times: this.#times.slice(0, this.#spanCount * 2),
      scopes: this.#scopes,
    };
  }

  #grow(): void {
    const numbers = new Uint32Array(this.#numbers.length * 2);
    numbers.set(this.#numbers);
    const times = new BigUint64Array(this.#times.length * 2);
    times.set(this.#times);
    this.#numbers = numbers;
    this.#times = times;
  }
}
