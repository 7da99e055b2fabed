import { open, type FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { RECORD_HEADER_BYTES, readRecordHeader, readSegmentHeader, SEGMENT_HEADER_BYTES } from './segment-format.ts';

export interface SegmentRecord {
  segment: number;
  /** Of the record in its file: `readRecordAt` finds it there. */
  offset: number;
  /** A view of what was read ahead: whoever keeps a small one for long copies it. */
  payload: Buffer;
}

/** How the reading of a segment ended; `offset` is that of the first byte that was not understood. */
export type SegmentEnd =
  | { kind: 'whole' }
  /** A crash cut the last write short. */
  | { kind: 'torn'; offset: number; bytesLost: number }
  | { kind: 'damaged'; offset: number; bytesLost: number; reason: string };

type RecordRead = { kind: 'record'; payload: Buffer } | { kind: 'torn' } | { kind: 'damaged'; reason: string };

const READ_AHEAD_BYTES = 2 ** 20;

/** The records of a file in order, up to the first that does not hold. Rejects where the file cannot be read. */
export async function* readSegment(path: string, segment: number): AsyncGenerator<SegmentRecord, SegmentEnd> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const window = new ReadAhead(handle, size);
    if (size < SEGMENT_HEADER_BYTES) return { kind: 'torn', offset: 0, bytesLost: size };
    if (readSegmentHeader(await window.read(0, SEGMENT_HEADER_BYTES), segment) === undefined)
      return endAt(window, 0, 'it does not begin as a segment of that number does');
    let offset = SEGMENT_HEADER_BYTES;
    while (offset < size) {
      const read = await readRecord(window, offset);
      if (read.kind === 'torn') return { kind: 'torn', offset, bytesLost: size - offset };
      if (read.kind === 'damaged') return await endAt(window, offset, read.reason);
      yield { segment, offset, payload: read.payload };
      offset += RECORD_HEADER_BYTES + read.payload.length;
    }
    return { kind: 'whole' };
  } finally {
    await handle.close();
  }
}

/** Undefined where no whole record is there, or the file is gone. */
export async function readRecordAt(path: string, offset: number): Promise<Buffer | undefined> {
  const handle = await open(path, 'r').catch(() => undefined);
  if (handle === undefined) return undefined;
  try {
    const { size } = await handle.stat();
    const read = await readRecord(new ReadAhead(handle, size, ONE_RECORD_BYTES), offset);
    return read.kind === 'record' ? read.payload : undefined;
  } finally {
    await handle.close();
  }
}

/** What is read at once for a single record; a longer one takes a second read. */
const ONE_RECORD_BYTES = 80 * 1024;

async function readRecord(window: ReadAhead, offset: number): Promise<RecordRead> {
  const payloadAt = offset + RECORD_HEADER_BYTES;
  if (payloadAt > window.size) return { kind: 'torn' };
  const header = readRecordHeader(await window.read(offset, RECORD_HEADER_BYTES));
  if (header === undefined) return { kind: 'damaged', reason: "the checksum of a record's header does not hold" };
  if (payloadAt + header.payloadBytes > window.size) return { kind: 'torn' };
  const payload = await window.read(payloadAt, header.payloadBytes);
  if (crc32(payload) !== header.checksum) return { kind: 'damaged', reason: 'the checksum of a record does not hold' };
  return { kind: 'record', payload };
}

/** A power cut may leave a file that has grown and has nothing but zeros in its new part: no damage, a tail that was never written. */
async function endAt(window: ReadAhead, offset: number, reason: string): Promise<SegmentEnd> {
  const bytesLost = window.size - offset;
  for (let at = offset; at < window.size; at += READ_AHEAD_BYTES) {
    const chunk = await window.read(at, Math.min(READ_AHEAD_BYTES, window.size - at));
    if (chunk.some((byte) => byte !== 0)) return { kind: 'damaged', offset, bytesLost, reason };
  }
  return { kind: 'torn', offset, bytesLost };
}

/** Reads forwards, a chunk at a time; each chunk is new memory, so that what was given out stays as it is. */
class ReadAhead {
  readonly size: number;
  readonly #handle: FileHandle;
  readonly #chunkBytes: number;
  #chunk: Buffer = Buffer.alloc(0);
  #chunkAt = 0;

  constructor(handle: FileHandle, size: number, chunkBytes: number = READ_AHEAD_BYTES) {
    this.#handle = handle;
    this.size = size;
    this.#chunkBytes = chunkBytes;
  }

  /** The caller stays within `size`; fewer bytes come only where the file was cut meanwhile. */
  async read(offset: number, length: number): Promise<Buffer> {
    if (offset < this.#chunkAt || offset + length > this.#chunkAt + this.#chunk.length)
      await this.#fill(offset, length);
    const at = offset - this.#chunkAt;
    return this.#chunk.subarray(at, at + length);
  }

  async #fill(offset: number, length: number): Promise<void> {
    const chunk = Buffer.allocUnsafe(Math.min(Math.max(length, this.#chunkBytes), this.size - offset));
    const { bytesRead } = await this.#handle.read(chunk, 0, chunk.length, offset);
    this.#chunk = chunk.subarray(0, bytesRead);
    this.#chunkAt = offset;
  }
}
