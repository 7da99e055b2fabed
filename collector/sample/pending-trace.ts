import { hasParentAt, columnAt, Column, type SpanBatch } from '../receive/span-batch.ts';
import { copyRows } from './copy-rows.ts';
import type { EnvelopePool, PooledScope } from './envelope-pool.ts';

/** A trace that is not yet decided: the slices of its spans in the order of arrival. */
export interface PendingTrace {
  readonly traceId: string;
  readonly firstSeenMs: number;
  rootSeenMs: number | undefined;
  readonly batches: (SpanBatch & { scopes: PooledScope[] })[];
  /** Span ids as eight Latin-1 characters: a third of the memory of hex. */
  readonly spanIds: Set<string>;
  spanCount: number;
  bytesHeld: number;
}

/** Objects, map and set entries beside the bytes: an estimate on the safe side. */
const TRACE_OVERHEAD_BYTES = 512;
const BATCH_OVERHEAD_BYTES = 512;
const SPAN_OVERHEAD_BYTES = 48 + 64;

export function createPendingTrace(traceId: string, firstSeenMs: number): PendingTrace {
  const bytesHeld = TRACE_OVERHEAD_BYTES;
  return { traceId, firstSeenMs, rootSeenMs: undefined, batches: [], spanIds: new Set(), spanCount: 0, bytesHeld };
}

/** Adds the rows whose span is not there yet. Returns how many were. */
export function addRows(
  trace: PendingTrace,
  batch: SpanBatch,
  rows: readonly number[],
  pool: EnvelopePool,
): { addedCount: number; hasRoot: boolean } {
  const fresh = rows.filter((row) => isFresh(trace, batch, row));
  if (fresh.length === 0) return { addedCount: 0, hasRoot: false };
  const copied = copyRows(batch, fresh, (scope) => pool.take(scope));
  trace.batches.push(copied);
  trace.spanCount += fresh.length;
  trace.bytesHeld += copied.bytes.length + fresh.length * SPAN_OVERHEAD_BYTES + BATCH_OVERHEAD_BYTES;
  return { addedCount: fresh.length, hasRoot: fresh.some((row) => !hasParentAt(batch, row)) };
}

/** After its decision the trace no longer holds its envelopes. */
export function releaseTrace(trace: PendingTrace, pool: EnvelopePool): void {
  for (const batch of trace.batches) for (const scope of batch.scopes) pool.giveBack(scope);
}

function isFresh(trace: PendingTrace, batch: SpanBatch, row: number): boolean {
  const at = columnAt(batch, row, Column.spanIdAt);
  const { buffer, byteOffset } = batch.bytes;
  const key = Buffer.from(buffer, byteOffset + at, 8).toString('latin1');
  if (trace.spanIds.has(key)) return false;
  trace.spanIds.add(key);
  return true;
}
