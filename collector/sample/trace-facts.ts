import { StatusCode } from '@tracelab/protocol';
import { Column, columnAt, hasParentAt, statusCodeAt } from '../receive/span-batch.ts';
import type { HeldBatch } from './buffer/held-batches.ts';
import type { TraceView } from './buffer/trace-view.ts';
import { TimeExtent } from './time-extent.ts';

/** What is told of a trace as a whole when it is decided, gathered in one walk and without texts. */
export interface TraceFacts {
  errorCount: number;
  extent: TimeExtent;
  /** The earliest span without a parent; undefined where none has arrived. */
  root: SpanPlace | undefined;
  /** Spans whose parent has not arrived. */
  missingParents: number;
}

export interface SpanPlace {
  batch: HeldBatch;
  row: number;
}

export function gatherFacts(trace: TraceView): TraceFacts {
  const facts: TraceFacts = { errorCount: 0, extent: new TimeExtent(), root: undefined, missingParents: 0 };
  trace.forEachSpan((batch, row) => {
    facts.extent.add(batch, row);
    if (statusCodeAt(batch, row) === StatusCode.error) facts.errorCount++;
    if (!hasParentAt(batch, row)) {
      if (facts.root === undefined || startsBefore({ batch, row }, facts.root)) facts.root = { batch, row };
    } else if (!trace.hasSpanId(batch.bytes, columnAt(batch, row, Column.parentSpanIdAt))) facts.missingParents++;
  });
  return facts;
}

function startsBefore(one: SpanPlace, other: SpanPlace): boolean {
  const high = columnAt(one.batch, one.row, Column.startHigh);
  const otherHigh = columnAt(other.batch, other.row, Column.startHigh);
  if (high !== otherHigh) return high < otherHigh;
  return columnAt(one.batch, one.row, Column.startLow) < columnAt(other.batch, other.row, Column.startLow);
}
