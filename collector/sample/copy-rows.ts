import { COLUMNS, Column, columnAt, scopeAt, type ScopeEnvelope, type SpanBatch } from '../receive/span-batch.ts';

/**
 * A batch of its own with the given rows: their bytes are copied next to each other, so that one span that waits does
 * not hold the whole request of 64 MiB in memory. `shareScope` says which object stands for a scope, once a scope and row.
 */
export function copyRows<Scope extends ScopeEnvelope>(
  batch: SpanBatch,
  rows: readonly number[],
  shareScope: (scope: ScopeEnvelope) => Scope,
): SpanBatch & { scopes: Scope[] } {
  const bytes = new Uint8Array(rows.reduce((total, row) => total + spanLength(batch, row), 0));
  const numbers = new Uint32Array(rows.length * COLUMNS);
  const times = new BigUint64Array(rows.length * 2);
  const scopes: Scope[] = [];
  const indexByScope = new Map<ScopeEnvelope, number>();
  let at = 0;
  for (const [index, row] of rows.entries()) {
    const start = columnAt(batch, row, Column.spanStart);
    const length = spanLength(batch, row);
    bytes.set(batch.bytes.subarray(start, start + length), at);
    const copied = batch.numbers.slice(row * COLUMNS, (row + 1) * COLUMNS);
    moveOffsets(copied, at - start);
    copied[Column.scope] = indexOfScope(scopeAt(batch, row));
    numbers.set(copied, index * COLUMNS);
    times.set(batch.times.subarray(row * 2, row * 2 + 2), index * 2);
    at += length;
  }
  return { bytes, spanCount: rows.length, numbers, times, scopes };

  function indexOfScope(scope: ScopeEnvelope): number {
    const known = indexByScope.get(scope);
    if (known !== undefined) return known;
    const index = scopes.push(shareScope(scope)) - 1;
    indexByScope.set(scope, index);
    return index;
  }
}

const OFFSETS = [
  Column.spanStart,
  Column.spanEnd,
  Column.traceIdAt,
  Column.spanIdAt,
  Column.nameStart,
  Column.nameEnd,
] as const;

function moveOffsets(row: Uint32Array, by: number): void {
  for (const column of OFFSETS) row[column] = (row[column] ?? 0) + by;
}

function spanLength(batch: SpanBatch, row: number): number {
  return columnAt(batch, row, Column.spanEnd) - columnAt(batch, row, Column.spanStart);
}
