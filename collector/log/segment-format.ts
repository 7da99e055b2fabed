import { crc32 } from 'node:zlib';

/**
 * A segment file, all numbers little-endian:
 *   header  magic u32, format version u32, sequence number u64, CRC-32 of these sixteen bytes u32
 *   record  payload length u32, CRC-32 of the payload u32, CRC-32 of these eight bytes u32, payload
 * The headers have checksums of their own, so that a damaged version is not taken for that of a later collector, and a damaged
 * length not for a write that a crash cut short.
 */
export const SEGMENT_HEADER_BYTES = 20;
export const RECORD_HEADER_BYTES = 12;
export const FORMAT_VERSION = 1;
/** Of one payload. */
export const PAYLOAD_BYTES_MAX = 2 ** 30;

/** "TLOG". */
const MAGIC = 0x474f_4c54;
const NAME = /^(\d{12})\.segment$/;

/** Names sort by sequence number. */
export function segmentFileName(sequence: number): string {
  return `${String(sequence).padStart(12, '0')}.segment`;
}

/** Undefined for a file that is none of ours. */
export function sequenceOf(fileName: string): number | undefined {
  const digits = NAME.exec(fileName)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

export function encodeSegmentHeader(sequence: number): Buffer {
  const header = Buffer.alloc(SEGMENT_HEADER_BYTES);
  header.writeUInt32LE(MAGIC, 0);
  header.writeUInt32LE(FORMAT_VERSION, 4);
  header.writeBigUInt64LE(BigInt(sequence), 8);
  header.writeUInt32LE(crc32(header.subarray(0, 16)), 16);
  return header;
}

/** The format version; undefined where these bytes do not begin the segment of that number. */
export function readSegmentHeader(header: Buffer, sequence: number): number | undefined {
  if (header.length < SEGMENT_HEADER_BYTES || header.readUInt32LE(0) !== MAGIC) return undefined;
  if (crc32(header.subarray(0, 16)) !== header.readUInt32LE(16)) return undefined;
  return header.readBigUInt64LE(8) === BigInt(sequence) ? header.readUInt32LE(4) : undefined;
}

export function encodeRecordHeader(parts: readonly Uint8Array[], payloadBytes: number): Buffer {
  const header = Buffer.allocUnsafe(RECORD_HEADER_BYTES);
  header.writeUInt32LE(payloadBytes, 0);
  let checksum = 0;
  for (const part of parts) checksum = crc32(part, checksum);
  header.writeUInt32LE(checksum, 4);
  header.writeUInt32LE(crc32(header.subarray(0, 8)), 8);
  return header;
}

/** Undefined where it is cut short or its own checksum does not hold. */
export function readRecordHeader(header: Buffer): { payloadBytes: number; checksum: number } | undefined {
  if (header.length < RECORD_HEADER_BYTES) return undefined;
  if (crc32(header.subarray(0, 8)) !== header.readUInt32LE(8)) return undefined;
  return { payloadBytes: header.readUInt32LE(0), checksum: header.readUInt32LE(4) };
}
