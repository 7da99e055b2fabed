import type { BatchMemory } from './batch-memory.ts';

/**
 * What crosses the seam from receive to route and sample: one request's bytes and, for each span, a row of numbers: where it lies and
 * what decisions need. No span object is built, and everything in it but its memory can be posted to a worker thread.
 */
export interface SpanBatch {
  bytes: Uint8Array;
  spanCount: number;
  /** COLUMNS a span; offsets count from the beginning of `bytes`. */
  numbers: Uint32Array;
  scopes: ScopeEnvelope[];
  /** Where bytes and numbers lie, to be held by whoever keeps them longer than the call that gave them; absent: they are copied. */
  memory?: BatchMemory;
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

/**
 * 16 numbers, so that a row is one line of a processor's cache: what a decision looks at, once the bytes of its spans have long left the cache. Ids of
 * spans and times (nanoseconds since the epoch) are in two halves: a 64-bit integer would be an object each time that it is looked at.
 */
export const Column = {
  spanStart: 0,
  spanEnd: 1,
  traceIdAt: 2,
  nameStart: 3,
  spanIdHigh: 4,
  spanIdLow: 5,
  /** Both 0: it has no parent. */
  parentSpanIdHigh: 6,
  parentSpanIdLow: 7,
  startHigh: 8,
  startLow: 9,
  endHigh: 10,
  endLow: 11,
  scope: 12,
  /** Bits 0 to 2 kind, 3 whether it has a trace state, 4 and 5 status code, the others the length of the name. */
  traits: 13,
  /** The next row of the same trace in this batch, or NO_ROW; written by the sampler that owns the trace. */
  next: 14,
  /** Which operation it is of, in the sampler's own numbers; written by it. */
  operation: 15,
} as const;
export type Column = (typeof Column)[keyof typeof Column];
export const COLUMNS = 16;
export const NO_ROW = 0xffff_ffff;

const KIND_MASK = 0x7;
const TRACE_STATE_BIT = 0x8;
const STATUS_SHIFT = 4;
const NAME_LENGTH_SHIFT = 6;

export interface SpanTraits {
  kind: number;
  hasTraceState: boolean;
  statusCode: number;
  nameLength: number;
}

export function packTraits({ kind, hasTraceState, statusCode, nameLength }: SpanTraits): number {
  const traceState = hasTraceState ? TRACE_STATE_BIT : 0;
  return (kind & KIND_MASK) | traceState | ((statusCode & 0x3) << STATUS_SHIFT) | (nameLength << NAME_LENGTH_SHIFT);
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
  return columnAt(batch, row, Column.traits) & KIND_MASK;
}

export function hasTraceStateAt(batch: SpanBatch, row: number): boolean {
  return (columnAt(batch, row, Column.traits) & TRACE_STATE_BIT) !== 0;
}

export function statusCodeAt(batch: SpanBatch, row: number): number {
  return (columnAt(batch, row, Column.traits) >>> STATUS_SHIFT) & 0x3;
}

export function hasParentAt(batch: SpanBatch, row: number): boolean {
  return columnAt(batch, row, Column.parentSpanIdHigh) !== 0 || columnAt(batch, row, Column.parentSpanIdLow) !== 0;
}

export function startTimeAt(batch: SpanBatch, row: number): bigint {
  return wholeOf(columnAt(batch, row, Column.startHigh), columnAt(batch, row, Column.startLow));
}

export function endTimeAt(batch: SpanBatch, row: number): bigint {
  return wholeOf(columnAt(batch, row, Column.endHigh), columnAt(batch, row, Column.endLow));
}

/** From one time to a later one, each in two halves; exact up to 104 days. */
export function nanosBetween(startHigh: number, startLow: number, endHigh: number, endLow: number): number {
  return (endHigh - startHigh) * 2 ** 32 + (endLow - startLow);
}

/** The 64-bit integer of two 32-bit halves. */
export function wholeOf(high: number, low: number): bigint {
  return (BigInt(high) << 32n) | BigInt(low);
}

export function traceIdAt(batch: SpanBatch, row: number): string {
  const at = columnAt(batch, row, Column.traceIdAt);
  return bufferOf(batch.bytes).toString('hex', at, at + 16);
}

export function spanIdAt(batch: SpanBatch, row: number): string {
  return hexOf(columnAt(batch, row, Column.spanIdHigh)) + hexOf(columnAt(batch, row, Column.spanIdLow));
}

export function nameAt(batch: SpanBatch, row: number): string {
  return bufferOf(batch.bytes).toString('utf8', columnAt(batch, row, Column.nameStart), nameEndAt(batch, row));
}

export function nameEndAt(batch: SpanBatch, row: number): number {
  const length = columnAt(batch, row, Column.traits) >>> NAME_LENGTH_SHIFT;
  return columnAt(batch, row, Column.nameStart) + length;
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

/** Eight hex digits of a half. */
export function hexOf(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}

/** A Buffer over the same memory: a Buffer that crossed to a worker arrives as a plain Uint8Array. */
function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
