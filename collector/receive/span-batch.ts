/**
 * What crosses the seam from receive to route and sample: one request's bytes and, for each span, where it lies and the
 * numbers that decisions need. No span object is built, and everything in it can be posted to a worker thread.
 *
 *   numbers  per span: span start, span end, trace id at, span id at, name start, name end, scope index, bits
 *   times    per span: start, end (ns since the epoch)
 */
export interface SpanBatch {
  bytes: Uint8Array;
  spanCount: number;
  /** COLUMNS a span; offsets count from the beginning of `bytes`. */
  numbers: Uint32Array;
  /** 2 a span. */
  times: BigUint64Array;
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

export const COLUMNS = 8;
export const Column = {
  spanStart: 0,
  spanEnd: 1,
  traceIdAt: 2,
  spanIdAt: 3,
  nameStart: 4,
  nameEnd: 5,
  scope: 6,
  bits: 7,
} as const;
export type Column = (typeof Column)[keyof typeof Column];

/** Bits 0 to 3 kind, 4 and 5 status code, 6 whether it has a parent. */
const STATUS_SHIFT = 4;
const PARENT_BIT = 0x40;

export function packBits(kind: number, statusCode: number, hasParent: boolean): number {
  return (kind & 0xf) | ((statusCode & 0x3) << STATUS_SHIFT) | (hasParent ? PARENT_BIT : 0);
}

export function columnAt(batch: SpanBatch, row: number, column: Column): number {
  return batch.numbers[row * COLUMNS + column] ?? 0;
}

export function kindAt(batch: SpanBatch, row: number): number {
  return columnAt(batch, row, Column.bits) & 0xf;
}

export function statusCodeAt(batch: SpanBatch, row: number): number {
  return (columnAt(batch, row, Column.bits) >>> STATUS_SHIFT) & 0x3;
}

export function hasParentAt(batch: SpanBatch, row: number): boolean {
  return (columnAt(batch, row, Column.bits) & PARENT_BIT) !== 0;
}

export function startTimeAt(batch: SpanBatch, row: number): bigint {
  return batch.times[row * 2] ?? 0n;
}

export function endTimeAt(batch: SpanBatch, row: number): bigint {
  return batch.times[row * 2 + 1] ?? 0n;
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

export function scopeAt(batch: SpanBatch, row: number): ScopeEnvelope {
  const scope = batch.scopes[columnAt(batch, row, Column.scope)];
  if (scope === undefined) throw new Error(`row ${row} of the batch has no scope`);
  return scope;
}

export function spanBytesAt(batch: SpanBatch, row: number): Uint8Array {
  return batch.bytes.subarray(columnAt(batch, row, Column.spanStart), columnAt(batch, row, Column.spanEnd));
}

function hexAt(batch: SpanBatch, at: number, length: number): string {
  return bufferOf(batch.bytes).toString('hex', at, at + length);
}

/** A Buffer over the same memory: a Buffer that crossed to a worker arrives as a plain Uint8Array. */
function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
