import { TRACE_ID_BYTES } from '@tracelab/protocol';
import { idWordAt } from '../receive/span-batch.ts';

/**
 * Many small records as one record of the segment log, numbers little-endian:
 *   start of the gathering, ms since 1970, f64; then for each record its trace id, payload length u32, payload
 */
const BLOCK_HEADER_BYTES = 8;
const LENGTH_BYTES = 4;

export interface BlockRecord {
  traceId: Uint8Array;
  payload: Uint8Array;
}

/** Four rounds of a multiplicative hash with MurmurHash3's constant, over the words of a trace id: ids need not be random. */
export function hashOfTraceId(bytes: Uint8Array, at = 0): number {
  let hash = 0;
  for (let word = at; word < at + TRACE_ID_BYTES; word += 4) {
    hash = Math.imul(hash ^ idWordAt(bytes, word), 0x85eb_ca6b);
    hash ^= hash >>> 15;
  }
  return hash >>> 0;
}

/** Gathers records until they are written. What is added is copied. */
export class RecordBlock {
  readonly startUnixMs: number;
  readonly #bytes: Buffer;
  #length = BLOCK_HEADER_BYTES;
  #recordCount = 0;

  /** Has room for so many bytes, and for one payload of `payloadBytes` in any case. */
  constructor(startUnixMs: number, bytesMax: number, payloadBytes: number) {
    this.startUnixMs = startUnixMs;
    this.#bytes = Buffer.allocUnsafeSlow(Math.max(bytesMax, BLOCK_HEADER_BYTES + entryBytes(payloadBytes)));
    this.#bytes.writeDoubleLE(startUnixMs, 0);
  }

  get recordCount(): number {
    return this.#recordCount;
  }

  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  hasRoomFor(payloadBytes: number): boolean {
    return this.#length + entryBytes(payloadBytes) <= this.#bytes.length;
  }

  add(traceId: Uint8Array, payload: Uint8Array): void {
    if (traceId.length !== TRACE_ID_BYTES)
      throw new RangeError(`a trace id of ${traceId.length} bytes was got, it has ${TRACE_ID_BYTES}`);
    const bytes = this.#bytes;
    bytes.set(traceId, this.#length);
    bytes.writeUInt32LE(payload.length, this.#length + TRACE_ID_BYTES);
    bytes.set(payload, this.#length + TRACE_ID_BYTES + LENGTH_BYTES);
    this.#length += entryBytes(payload.length);
    this.#recordCount++;
  }
}

function entryBytes(payloadBytes: number): number {
  return TRACE_ID_BYTES + LENGTH_BYTES + payloadBytes;
}

export function startOfBlock(block: Buffer): number {
  return block.readDoubleLE(0);
}

/** Of each record, in the order of their coming. */
export function eachHashOfBlock(block: Buffer, take: (hash: number) => void): void {
  let at = BLOCK_HEADER_BYTES;
  while (at < block.length) {
    take(hashOfTraceId(block, at));
    at += entryBytes(block.readUInt32LE(at + TRACE_ID_BYTES));
  }
}

/** Views of the block's bytes, in the order of their coming. */
export function* recordsOfBlock(block: Buffer): Generator<BlockRecord> {
  let at = BLOCK_HEADER_BYTES;
  while (at < block.length) {
    const traceId = block.subarray(at, at + TRACE_ID_BYTES);
    const payloadAt = at + TRACE_ID_BYTES + LENGTH_BYTES;
    at = payloadAt + block.readUInt32LE(at + TRACE_ID_BYTES);
    yield { traceId, payload: block.subarray(payloadAt, at) };
  }
}

/** Copies of a trace's payloads, in the order of their coming. */
export function payloadsOf(block: Buffer, traceId: Uint8Array): Uint8Array[] {
  const payloads: Uint8Array[] = [];
  let at = BLOCK_HEADER_BYTES;
  while (at < block.length) {
    const payloadAt = at + TRACE_ID_BYTES + LENGTH_BYTES;
    const end = payloadAt + block.readUInt32LE(at + TRACE_ID_BYTES);
    if (block.compare(traceId, 0, TRACE_ID_BYTES, at, at + TRACE_ID_BYTES) === 0)
      payloads.push(new Uint8Array(block.subarray(payloadAt, end)));
    at = end;
  }
  return payloads;
}
