import { open, readFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { LogFiles } from '../log/log-files.ts';
import { eachHashOfBlock, startOfBlock } from './record-block.ts';

/** Where in a segment the records of a trace may be. */
export interface SegmentIndex {
  /** Of its first block. */
  readonly startUnixMs: number;
  readonly recordCount: number;
  /** On disk, or what it will be there. */
  readonly byteLength: number;
  /** Offsets in the segment of blocks that have a record with that hash of its trace id, ascending. */
  blocksWith: (hash: number) => Promise<number[]>;
}

/**
 * An index file, numbers little-endian:
 *   header   magic u32, version u32, records u32, CRC-32 of all entries u32, start of the first block f64, CRC-32 of these 24 bytes u32, 0 u32
 *   entries  one for each record: offset of its block u32, hash of its trace id u32; ascending when read as one u64
 */
const HEADER_BYTES = 32;
const HEADER_CHECKED_BYTES = 24;
const ENTRY_BYTES = 8;
/** "TLIX". */
const MAGIC = 0x5849_4c54;
const VERSION = 1;
/** Of every so many entries the hash is in memory: a search reads what lies between two of them, 4 KiB. */
const FENCE_ENTRIES = 512;

/** In memory, of a segment that still grows. Eight bytes a record. */
export class GrowingIndex implements SegmentIndex {
  readonly startUnixMs: number;
  /** Entries as in the file, in the order of their coming. */
  #words = new Uint32Array(2 * 1024);
  #recordCount = 0;

  constructor(startUnixMs: number) {
    this.startUnixMs = startUnixMs;
  }

  get recordCount(): number {
    return this.#recordCount;
  }

  get byteLength(): number {
    return HEADER_BYTES + this.#recordCount * ENTRY_BYTES;
  }

  add(block: Buffer, offset: number): void {
    eachHashOfBlock(block, (hash) => {
      if (this.#recordCount * 2 === this.#words.length) this.#grow();
      this.#words[this.#recordCount * 2] = offset;
      this.#words[this.#recordCount * 2 + 1] = hash;
      this.#recordCount++;
    });
  }

  /** Looks before it returns: what is added later is not in it. */
  blocksWith(hash: number): Promise<number[]> {
    return Promise.resolve(offsetsIn(this.#words.subarray(0, this.#recordCount * 2), hash));
  }

  /** Writes it in the place of whatever is there; what then searches in the file. */
  async write(path: string, files: LogFiles): Promise<FileIndex> {
    const words = this.#words.slice(0, this.#recordCount * 2);
    // The runtime sorts these natively. As everywhere that Node's binaries for this project exist, the machine is little-endian.
    new BigUint64Array(words.buffer).sort();
    const header = this.#header(words);
    await files.remove(path);
    const file = await files.create(path);
    try {
      await file.write([header, new Uint8Array(words.buffer)], 0);
    } finally {
      await file.close();
    }
    return new FileIndex(path, header, words);
  }

  #header(words: Uint32Array): Buffer {
    const header = Buffer.alloc(HEADER_BYTES);
    header.writeUInt32LE(MAGIC, 0);
    header.writeUInt32LE(VERSION, 4);
    header.writeUInt32LE(this.#recordCount, 8);
    header.writeUInt32LE(crc32(new Uint8Array(words.buffer)), 12);
    header.writeDoubleLE(this.startUnixMs, 16);
    header.writeUInt32LE(crc32(header.subarray(0, HEADER_CHECKED_BYTES)), HEADER_CHECKED_BYTES);
    return header;
  }

  #grow(): void {
    const words = new Uint32Array(this.#words.length * 2);
    words.set(this.#words);
    this.#words = words;
  }
}

/** Of blocks that are read again, where the file is missing or broken. Undefined where there is none. */
export async function rebuildIndex(
  blocks: AsyncIterable<{ offset: number; payload: Buffer }>,
): Promise<GrowingIndex | undefined> {
  let index: GrowingIndex | undefined;
  for await (const { offset, payload } of blocks) {
    index ??= new GrowingIndex(startOfBlock(payload));
    index.add(payload, offset);
  }
  return index;
}

/** Undefined where the file is missing, broken or of another version. */
export async function readIndex(path: string): Promise<FileIndex | undefined> {
  const bytes = await readFile(path).catch(() => undefined);
  if (bytes === undefined || bytes.length < HEADER_BYTES) return undefined;
  const header = bytes.subarray(0, HEADER_BYTES);
  const entries = bytes.subarray(HEADER_BYTES);
  if (crc32(header.subarray(0, HEADER_CHECKED_BYTES)) !== header.readUInt32LE(HEADER_CHECKED_BYTES)) return undefined;
  if (header.readUInt32LE(0) !== MAGIC || header.readUInt32LE(4) !== VERSION) return undefined;
  if (header.readUInt32LE(8) * ENTRY_BYTES !== entries.length) return undefined;
  if (crc32(entries) !== header.readUInt32LE(12)) return undefined;
  return new FileIndex(path, header, wordsOf(entries));
}

/** In a file; in memory are the hash of every 512th entry, and a filter, so that most segments that do not have a trace are not searched. */
class FileIndex implements SegmentIndex {
  readonly startUnixMs: number;
  readonly recordCount: number;
  readonly #path: string;
  readonly #filter: HashFilter;
  readonly #fences: Uint32Array;

  constructor(path: string, header: Buffer, words: Uint32Array) {
    this.#path = path;
    this.startUnixMs = header.readDoubleLE(16);
    this.recordCount = header.readUInt32LE(8);
    this.#filter = new HashFilter(words);
    this.#fences = new Uint32Array(Math.ceil(this.recordCount / FENCE_ENTRIES));
    for (const index of this.#fences.keys()) this.#fences[index] = words[index * FENCE_ENTRIES * 2 + 1] ?? 0;
  }

  get byteLength(): number {
    return HEADER_BYTES + this.recordCount * ENTRY_BYTES;
  }

  /** None where the file is gone: then its segment was forgotten. */
  async blocksWith(hash: number): Promise<number[]> {
    if (!this.#filter.mayHave(hash)) return [];
    const firstNotBelow = this.#fences.findIndex((fence) => fence >= hash);
    const firstAbove = this.#fences.findIndex((fence) => fence > hash);
    const start = Math.max(0, (firstNotBelow === -1 ? this.#fences.length : firstNotBelow) - 1);
    const end = firstAbove === -1 ? this.#fences.length : firstAbove;
    if (end === 0) return [];
    return offsetsIn(await this.#read(start * FENCE_ENTRIES, Math.min(end * FENCE_ENTRIES, this.recordCount)), hash);
  }

  async #read(startEntry: number, endEntry: number): Promise<Uint32Array> {
    const handle = await open(this.#path, 'r').catch(() => undefined);
    if (handle === undefined) return new Uint32Array();
    try {
      const bytes = Buffer.allocUnsafeSlow((endEntry - startEntry) * ENTRY_BYTES);
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, HEADER_BYTES + startEntry * ENTRY_BYTES);
      return wordsOf(bytes.subarray(0, bytesRead));
    } finally {
      await handle.close();
    }
  }
}

/** A bit for each value of a hash's first bits, 8 to 16 bits an entry: of the hashes that are not there it lets 6 to 12 % pass. */
class HashFilter {
  readonly #bits: Uint8Array;
  readonly #shift: number;

  constructor(words: Uint32Array) {
    const bitsLog2 = Math.min(32, Math.max(3, Math.ceil(Math.log2(words.length * 4))));
    this.#bits = new Uint8Array(2 ** (bitsLog2 - 3));
    this.#shift = 32 - bitsLog2;
    for (let at = 1; at < words.length; at += 2) {
      const bit = (words[at] ?? 0) >>> this.#shift;
      this.#bits[bit >>> 3] = (this.#bits[bit >>> 3] ?? 0) | (1 << (bit & 7));
    }
  }

  mayHave(hash: number): boolean {
    const bit = hash >>> this.#shift;
    return ((this.#bits[bit >>> 3] ?? 0) & (1 << (bit & 7))) !== 0;
  }
}

/** A copy where the bytes do not lie as words must. */
function wordsOf(bytes: Buffer): Uint32Array {
  const isAligned = bytes.byteOffset % Uint32Array.BYTES_PER_ELEMENT === 0;
  const aligned = isAligned ? bytes : new Uint8Array(bytes);
  return new Uint32Array(aligned.buffer, aligned.byteOffset, Math.floor(aligned.length / ENTRY_BYTES) * 2);
}

/** Several records of one block are one offset. */
function offsetsIn(words: Uint32Array, hash: number): number[] {
  const offsets: number[] = [];
  for (let at = 1; at < words.length; at += 2) {
    if (words[at] === hash && words[at - 1] !== offsets.at(-1)) offsets.push(words[at - 1] ?? 0);
  }
  return offsets;
}
