import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { accept, refuse, type Result } from '@tracelab/protocol';
import type { BodyBudget } from './body-budget.ts';

export type BodyRefusal =
  | { kind: 'tooLarge' }
  | { kind: 'noBudget' }
  | { kind: 'malformed'; reason: string }
  | { kind: 'unsupportedEncoding'; was: string };

export interface BodyLimits {
  /** Of the body as it is sent, and again after decompression. */
  bytesMax: number;
  budget: BodyBudget;
}

const INFLATE_CHUNK_BYTES = 64 * 1024;
const ENDED_EARLY = 'the body ended before its end';

/**
 * Reads a body into memory, inflating it on the way. Bytes are counted while they come and reading stops at the limit,
 * so that a body that inflates to gigabytes costs no more than the limit. The budget is held until `release`. Never throws:
 * a sender that goes away in the middle is a malformed body. What is left of a refused body is read and dropped, else its
 * sender, still writing, would never see the answer.
 */
export async function readBody(
  raw: Readable,
  encoding: 'gzip' | 'identity',
  limits: BodyLimits,
): Promise<Result<{ bytes: Uint8Array; release: () => void }, BodyRefusal>> {
  let taken = 0;
  const release = (): void => {
    limits.budget.giveBack(taken);
    taken = 0;
  };
  const take = (byteCount: number): boolean => {
    if (!limits.budget.take(byteCount)) return false;
    taken += byteCount;
    return true;
  };
  const read =
    encoding === 'gzip' ? await readInflated(raw, limits.bytesMax, take) : await readPlain(raw, limits.bytesMax, take);
  if (read.ok) return accept({ bytes: read.value, release });
  release();
  raw.resume();
  return read;
}

async function readPlain(
  raw: Readable,
  bytesMax: number,
  take: (byteCount: number) => boolean,
): Promise<Result<Uint8Array, BodyRefusal>> {
  try {
    return await collect(raw, bytesMax, take);
  } catch {
    return refuse({ kind: 'malformed', reason: ENDED_EARLY });
  }
}

async function readInflated(
  raw: Readable,
  bytesMax: number,
  take: (byteCount: number) => boolean,
): Promise<Result<Uint8Array, BodyRefusal>> {
  const inflate = createGunzip({ chunkSize: INFLATE_CHUNK_BYTES });
  let rawBytes = 0;
  raw.on('data', (chunk: Buffer) => {
    rawBytes += chunk.length;
    if (rawBytes > bytesMax) inflate.destroy(new BodyTooLarge());
  });
  raw.once('error', (error) => inflate.destroy(error));
  raw.once('close', () => {
    if (!raw.readableEnded) inflate.destroy(new Error(ENDED_EARLY));
  });
  raw.pipe(inflate);
  try {
    return await collect(inflate, bytesMax, take);
  } catch (error) {
    return refuse(
      error instanceof BodyTooLarge
        ? { kind: 'tooLarge' }
        : { kind: 'malformed', reason: `not a gzip body: ${error instanceof Error ? error.message : String(error)}` },
    );
  } finally {
    raw.unpipe(inflate);
    inflate.destroy();
  }
}

class BodyTooLarge extends Error {}

async function collect(
  stream: Readable,
  bytesMax: number,
  take: (byteCount: number) => boolean,
): Promise<Result<Uint8Array, BodyRefusal>> {
  const chunks: Buffer[] = [];
  let length = 0;
  // The stream is not destroyed on an early end: destroying a request would tear the connection down before its answer.
  for await (const chunk of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > bytesMax) return refuse({ kind: 'tooLarge' });
    if (!take(chunk.length)) return refuse({ kind: 'noBudget' });
    chunks.push(chunk);
  }
  return accept(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, length));
}
