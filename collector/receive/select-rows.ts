import { Column, COLUMNS, columnAt, scopeAt, type ScopeEnvelope, type SpanBatch } from './span-batch.ts';

/** Those inside a span. 0: it has none, since a span's first byte is a tag. */
const PLACES = [Column.traceIdAt, Column.nameStart] as const;

/**
 * A batch of these rows alone, in memory of its own, so that it can be handed over to another thread: one copy of their bytes and
 * numbers. Scopes that none of them needs are left out.
 */
export function selectRows(batch: SpanBatch, rows: Uint32Array): SpanBatch {
  const bytes = new Uint8Array(bytesOf(batch, rows));
  const numbers = new Uint32Array(rows.length * COLUMNS);
  const scopes = new Map<ScopeEnvelope, number>();
  let spanStart = 0;
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index] as number;
    const start = columnAt(batch, row, Column.spanStart);
    const end = columnAt(batch, row, Column.spanEnd);
    bytes.set(batch.bytes.subarray(start, end), spanStart);
    const at = index * COLUMNS;
    numbers.set(batch.numbers.subarray(row * COLUMNS, (row + 1) * COLUMNS), at);
    numbers[at + Column.spanStart] = spanStart;
    numbers[at + Column.spanEnd] = spanStart + end - start;
    movePlaces(numbers, at, { from: start, to: spanStart });
    const scope = scopeAt(batch, row);
    if (!scopes.has(scope)) scopes.set(scope, scopes.size);
    numbers[at + Column.scope] = scopes.get(scope) as number;
    spanStart += end - start;
  }
  return { bytes, spanCount: rows.length, numbers, scopes: [...scopes.keys()] };
}

function bytesOf(batch: SpanBatch, rows: Uint32Array): number {
  let bytes = 0;
  for (const row of rows) bytes += columnAt(batch, row, Column.spanEnd) - columnAt(batch, row, Column.spanStart);
  return bytes;
}

function movePlaces(numbers: Uint32Array, at: number, { from, to }: { from: number; to: number }): void {
  for (const column of PLACES) {
    const place = numbers[at + column] as number;
    if (place !== 0) numbers[at + column] = place - from + to;
  }
}
