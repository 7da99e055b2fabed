import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { NotHeldError } from '@tracelab/command';
import {
  FORMAT_VERSION,
  readSegmentHeader,
  SEGMENT_HEADER_BYTES,
  segmentFileName,
  sequenceOf,
} from './segment-format.ts';

/** The segments that are there, oldest first, with their bytes. Other files are left alone. Throws a NotHeldError where a segment is of another version. */
export async function listSegments(folder: string): Promise<Map<number, number>> {
  const sequences = (await readdir(folder)).flatMap((name) => sequenceOf(name) ?? []).sort((a, b) => a - b);
  const bytes = new Map<number, number>();
  for (const sequence of sequences) bytes.set(sequence, await inspect(folder, sequence));
  return bytes;
}

async function inspect(folder: string, sequence: number): Promise<number> {
  const path = join(folder, segmentFileName(sequence));
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(SEGMENT_HEADER_BYTES));
    const version = readSegmentHeader(buffer.subarray(0, bytesRead), sequence);
    // One that does not begin as a segment is reported when it is read: the others are worth more than a refusal.
    if (version !== undefined && version !== FORMAT_VERSION) throw otherVersion(path, version);
    return (await handle.stat()).size;
  } finally {
    await handle.close();
  }
}

function otherVersion(path: string, version: number): NotHeldError {
  return new NotHeldError(
    `${path} has format version ${version}, this collector reads ${FORMAT_VERSION}: move the file away, or use the version that wrote it`,
  );
}
