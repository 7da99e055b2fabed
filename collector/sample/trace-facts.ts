import { StatusCode } from '@tracelab/protocol';
import { Column, columnAt, hasParentAt, statusCodeAt } from '../receive/span-batch.ts';
import type { HeldBatch } from './buffer/held-batches.ts';
import type { TraceView } from './buffer/trace-view.ts';
import { TimeExtent } from './time-extent.ts';

export interface SpanPlace {
  batch: HeldBatch;
  row: number;
}

/** What is told of a trace as a whole when it is decided, gathered in one walk and without texts. One object for all traces: valid until the next. */
export class TraceFacts {
  errorCount = 0;
  readonly extent = new TimeExtent();
  /** The earliest span without a parent; undefined where none has arrived. */
  root: SpanPlace | undefined;
  /** Spans whose parent has not arrived. */
  missingParents = 0;
  #trace: TraceView | undefined;

  gather(trace: TraceView): this {
    this.errorCount = this.missingParents = 0;
    this.extent.reset();
    this.root = undefined;
    this.#trace = trace;
    trace.forEachSpan(this.#add);
    return this;
  }

  readonly #add = (batch: HeldBatch, row: number): void => {
    this.extent.add(batch, row);
    if (statusCodeAt(batch, row) === StatusCode.error) this.errorCount++;
    if (!hasParentAt(batch, row)) this.#addRoot(batch, row);
    else if (!this.#hasParentOf(batch, row)) this.missingParents++;
  };

  #hasParentOf(batch: HeldBatch, row: number): boolean {
    const high = columnAt(batch, row, Column.parentSpanIdHigh);
    return this.#trace?.hasSpanId(high, columnAt(batch, row, Column.parentSpanIdLow)) === true;
  }

  #addRoot(batch: HeldBatch, row: number): void {
    if (this.root === undefined || startsBefore(batch, row, this.root)) this.root = { batch, row };
  }
}

function startsBefore(batch: HeldBatch, row: number, other: SpanPlace): boolean {
  const high = columnAt(batch, row, Column.startHigh);
  const otherHigh = columnAt(other.batch, other.row, Column.startHigh);
  if (high !== otherHigh) return high < otherHigh;
  return columnAt(batch, row, Column.startLow) < columnAt(other.batch, other.row, Column.startLow);
}
