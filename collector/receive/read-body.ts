import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { accept, refuse, type Result } from '@tracelab/protocol';
import type { ArrayPool } from './array-pool.ts';
import { BatchMemory } from './batch-memory.ts';
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
  /** Where whole bodies lie. */
  arrays: ArrayPool;
}

export interface Body {
  bytes: Uint8Array;
  /** Where they lie, held by the reader of this body until it releases it. */
  memory: BatchMemory;
  /** Of budget and memory: who needs the bytes for longer has to hold the memory. To be called once. */
  release: () => void;
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
): Promise<Result<Body, BodyRefusal>> {
  const chunks = new BodyChunks(limits);
  const read = encoding === 'gzip' ? await readInflated(raw, limits.bytesMax, chunks) : await readPlain(raw, chunks);
  if (read.ok) return accept(chunks.join());
  chunks.giveBack();
  raw.resume();
  return read;
}

/**
 * What has come of a body. An array is taken when it is whole: one that a sender only announces, or breaks off, would hold memory for what
 * never comes.
 */
class BodyChunks {
  readonly #limits: BodyLimits;
  #chunks: Uint8Array[] = [];
  #length = 0;
  #taken = 0;

  constructor(limits: BodyLimits) {
    this.#limits = limits;
  }

  /** Why the body cannot be read on; undefined where it can. */
  add(chunk: Uint8Array): BodyRefusal | undefined {
    this.#length += chunk.length;
    if (this.#length > this.#limits.bytesMax) return { kind: 'tooLarge' };
    if (!this.#limits.budget.take(chunk.length)) return { kind: 'noBudget' };
    this.#taken += chunk.length;
    this.#chunks.push(chunk);
    return undefined;
  }

  join(): Body {
    const memory = new BatchMemory(this.#limits.arrays);
    const bytes = Buffer.from(memory.take(this.#length), 0, this.#length);
    let at = 0;
    for (const chunk of this.#chunks) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    this.#chunks = [];
    const release = (): void => {
      this.giveBack();
      memory.release();
    };
    return { bytes, memory, release };
  }

  giveBack(): void {
    this.#limits.budget.giveBack(this.#taken);
    this.#taken = 0;
  }
}

async function readPlain(raw: Readable, chunks: BodyChunks): Promise<Result<void, BodyRefusal>> {
  try {
    return await collect(raw, chunks);
  } catch {
    return refuse({ kind: 'malformed', reason: ENDED_EARLY });
  }
}

async function readInflated(raw: Readable, bytesMax: number, chunks: BodyChunks): Promise<Result<void, BodyRefusal>> {
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
    return await collect(inflate, chunks);
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

/**
 * Rejects where the stream ends early. By events: an iterator would take promises for each chunk. The stream is not destroyed on
 * a refusal: destroying a request would tear the connection down before its answer.
 */
function collect(stream: Readable, chunks: BodyChunks): Promise<Result<void, BodyRefusal>> {
  const { promise, resolve, reject } = Promise.withResolvers<Result<void, BodyRefusal>>();
  const onData = (chunk: Uint8Array): void => {
    const refusal = chunks.add(chunk);
    if (refusal === undefined) return;
    stream.off('data', onData);
    stream.pause();
    resolve(refuse(refusal));
  };
  stream.on('data', onData);
  stream.once('end', () => resolve(accept(undefined)));
  stream.on('error', reject);
  stream.once('close', () => reject(new Error(ENDED_EARLY)));
  return promise;
}
