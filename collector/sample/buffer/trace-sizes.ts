import { Column, columnAt, scopeAt } from '../../receive/span-batch.ts';
import type { PooledScope } from './envelope-pool.ts';
import type { HeldBatch } from './held-batches.ts';
import { grown } from './id-table.ts';

/**
 * The protobuf size of each gathered trace as the OpenTelemetry Collector counts it (processor.go, processTrace, 0.158): of every request what
 * stands in its ResourceSpans when only spans of this trace are left in them. Resource and scope count once for each run of spans
 * that have them, so again with every request.
 */
export class TraceSizes {
  #totals = new Float64Array();
  /** Of the scope to which the last span was added. */
  #ofLastScope = new Float64Array();
  readonly #lastBatch: (HeldBatch | undefined)[] = [];
  readonly #lastScope: (PooledScope | undefined)[] = [];

  begin(slot: number): void {
    if (slot >= this.#totals.length) this.#grow(slot);
    this.#totals[slot] = 0;
    this.#lastBatch[slot] = undefined;
    this.#lastScope[slot] = undefined;
  }

  /** Adds a span. Returns the size with it. */
  add(slot: number, batch: HeldBatch, row: number): number {
    const scope = scopeAt(batch, row);
    const spanBytes = columnAt(batch, row, Column.spanEnd) - columnAt(batch, row, Column.spanStart);
    let total = this.#totals[slot] as number;
    let scopeBytes = this.#ofLastScope[slot] as number;
    if (this.#lastBatch[slot] === batch && this.#lastScope[slot] === scope) total -= fieldBytes(scopeBytes);
    else {
      if (this.#lastBatch[slot] !== batch || this.#lastScope[slot]?.resource !== scope.resource)
        total += scope.resource.bytes.length;
      scopeBytes = scope.bytes.length;
      this.#lastBatch[slot] = batch;
      this.#lastScope[slot] = scope;
    }
    scopeBytes += fieldBytes(spanBytes);
    total += fieldBytes(scopeBytes);
    this.#ofLastScope[slot] = scopeBytes;
    this.#totals[slot] = total;
    return total;
  }

  /** Its trace is decided: what it refers to may go. */
  end(slot: number): void {
    this.#lastBatch[slot] = undefined;
    this.#lastScope[slot] = undefined;
  }

  #grow(slot: number): void {
    const length = 2 ** Math.ceil(Math.log2(slot + 2));
    this.#totals = grown(this.#totals, length);
    this.#ofLastScope = grown(this.#ofLastScope, length);
  }
}

/** Of a message with so many bytes in a field whose number is below 16. */
function fieldBytes(byteCount: number): number {
  let lengthBytes = 1;
  for (let rest = byteCount; rest >= 128; rest = Math.floor(rest / 128)) lengthBytes++;
  return 1 + lengthBytes + byteCount;
}
