/**
 * What crosses the seam from receive to route and sample: one request's bytes and, for each span, a row of numbers: where it lies and
 * what decisions need. No span object is built, and everything in it can be posted to a worker thread.
 */
export interface SpanBatch {
  bytes: Uint8Array;
  spanCount: number;
  /** COLUMNS a span; offsets count from the beginning of `bytes`. */
  numbers: Uint32Array;
  scopes: ScopeEnvelope[];
}

/** A ResourceSpans without its scopeSpans: encoded fields, written back as they came. */
export interface ResourceEnvelope {
  bytes: Uint8Array;
  serviceName: string;
}

/** A ScopeSpans without its spans. */
export interface ScopeEnvelope {
  resource: ResourceEnvelope;
  bytes: Uint8Array;
}

/** Times are nanoseconds since the epoch in two halves: a 64-bit integer would be an object each time that it is looked at. */
export const Column = {
  spanStart: 0,
  spanEnd: 1,
  traceIdAt: 2,
  spanIdAt: 3,
  /** 0: it has no parent. */
  parentSpanIdAt: 4,
  nameStart: 5,
  nameEnd: 6,
  startHigh: 7,
  startLow: 8,
  endHigh: 9,
  endLow: 10,
  scope: 11,
  kindAndStatus: 12,
  /** The next row of the same trace in this batch, or NO_ROW; written by the sampler that owns the trace. */
  next: 13,
} as const;
export type Column = (typeof Column)[keyof typeof Column];
export const COLUMNS = 14;
export const NO_ROW = 0xffff_ffff;

/** Bits 0 to 3 kind, 4 and 5 status code. */
const STATUS_SHIFT = 4;

export function packKindAndStatus(kind: number, statusCode: number): number {
  return (kind & 0xf) | ((statusCode & 0x3) << STATUS_SHIFT);
}

export function columnAt(batch: SpanBatch, row: number, column: Column): number {
  return batch.numbers[row * COLUMNS + column] ?? 0;
}

export function allRows({ spanCount }: SpanBatch): Uint32Array {
  const rows = new Uint32Array(spanCount);
  for (let row = 0; row < spanCount; row++) rows[row] = row;
  return rows;
}

export function kindAt(batch: SpanBatch, row: number): number {
  return columnAt(batch, row, Column.kindAndStatus) & 0xf;
}

export function statusCodeAt(batch: SpanBatch, row: number): number {
  return (columnAt(batch, row, Column.kindAndStatus) >>> STATUS_SHIFT) & 0x3;
}

export function hasParentAt(batch: SpanBatch, row: number): boolean {
  return columnAt(batch, row, Column.parentSpanIdAt) !== 0;
}

export function startTimeAt(batch: SpanBatch, row: number): bigint {
  return wholeOf(columnAt(batch, row, Column.startHigh), columnAt(batch, row, Column.startLow));
}

export function endTimeAt(batch: SpanBatch, row: number): bigint {
  return wholeOf(columnAt(batch, row, Column.endHigh), columnAt(batch, row, Column.endLow));
}

/** The 64-bit integer of two 32-bit halves. */
export function wholeOf(high: number, low: number): bigint {
  return (BigInt(high) << 32n) | BigInt(low);
}

export function traceIdAt(batch: SpanBatch, row: number): string {
  return hexAt(batch, columnAt(batch, row, Column.traceIdAt), 16);
}

export function spanIdAt(batch: SpanBatch, row: number): string {
  return hexAt(batch, columnAt(batch, row, Column.spanIdAt), 8);
}

export function nameAt(batch: SpanBatch, row: number): string {
  return bufferOf(batch.bytes).toString(
    'utf8',
    columnAt(batch, row, Column.nameStart),
    columnAt(batch, row, Column.nameEnd),
  );
}

export function scopeAt<Scope extends ScopeEnvelope>(batch: SpanBatch & { scopes: Scope[] }, row: number): Scope {
  const scope = batch.scopes[columnAt(batch, row, Column.scope)];
  if (scope === undefined) throw new Error(`row ${row} of the batch has no scope`);
  return scope;
}

export function spanBytesAt(batch: SpanBatch, row: number): Uint8Array {
  const start = columnAt(batch, row, Column.spanStart);
  const { buffer, byteOffset } = batch.bytes;
  // A part of a Buffer by subarray() takes three times as long.
  return new Uint8Array(buffer, byteOffset + start, columnAt(batch, row, Column.spanEnd) - start);
}

/** Four bytes of an id, as a whole number from -2^31: one that V8 keeps without an object. */
export function idWordAt(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] as number) << 24) |
    ((bytes[at + 1] as number) << 16) |
    ((bytes[at + 2] as number) << 8) |
    (bytes[at + 3] as number)
  );
}

function hexAt(batch: SpanBatch, at: number, length: number): string {
  return bufferOf(batch.bytes).toString('hex', at, at + length);
}

/** A Buffer over the same memory: a Buffer that crossed to a worker arrives as a plain Uint8Array. */
function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
