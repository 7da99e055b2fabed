import { join } from 'node:path';
import { startTimer } from '@tracelab/command';
import { LOG_FILES } from '../log/log-files.ts';
import { openSegmentLog, type SegmentLog, type SegmentLogCounts, type SegmentLogEffects } from '../log/segment-log.ts';
import type { DecisionLog } from './explain.ts';
import { indexFileName, openIndexes } from './open-indexes.ts';
import { hashOfTraceId, payloadsOf, RecordBlock, recordsOfBlock, type BlockRecord } from './record-block.ts';
import { GrowingIndex, type SegmentIndex } from './segment-index.ts';

export interface ExplainLogOptions {
  /** Of its own. */
  folder: string;
  /** Of records and indexes on disk, 1 GiB; a sixty-fourth of it is a segment, and so is forgotten at once. */
  bytesMax?: number;
  /** As the segment log's. */
  syncIntervalMs?: number;
}

export interface ExplainLogEffects extends SegmentLogEffects {
  nowUnixMs: () => number;
}

/** recorded = durable + dropped + waiting, in this life of the log. */
export interface ExplainLogCounts {
  recordedCount: number;
  /** Whose bytes are written, as `syncIntervalMs` of the segment log has it. */
  durableCount: number;
  /** Which the disk refused, or for which it was too slow. */
  droppedCount: number;
  /** Which went with the oldest segment at the bound; earlier lives' too. */
  forgottenCount: number;
  /** Indexes that the disk refused (their segments are searched in memory), and segments that it would not let go. */
  upkeepFailedCount: number;
  log: SegmentLogCounts;
}

const BYTES_MAX = 2 ** 30;
const SEGMENTS_AT_BOUND = 64;
/** Each start begins a segment: whoever starts again and again shall not have thousands of small ones. */
const SEGMENTS_MAX = 4 * SEGMENTS_AT_BOUND;
const BLOCK_BYTES = 64 * 1024;
const GATHER_MS = 200;
const DEFAULT_EFFECTS: ExplainLogEffects = {
  files: LOG_FILES,
  startTimer,
  reportDamage: () => {},
  nowUnixMs: Date.now,
};

/** Throws a NotHeldError where the folder is in use, cannot be written, or is of another version. */
export async function openExplainLog(
  options: ExplainLogOptions,
  effects: Partial<ExplainLogEffects> = {},
): Promise<ExplainLog> {
  const allEffects = { ...DEFAULT_EFFECTS, ...effects };
  const { folder, bytesMax = BYTES_MAX, syncIntervalMs } = options;
  const segmentBytesMax = Math.ceil(bytesMax / SEGMENTS_AT_BOUND);
  const bounds = { segmentBytesMax, bytesMax, unwrittenBytesMax: Math.max(segmentBytesMax >> 1, 4 * BLOCK_BYTES) };
  const log = await openSegmentLog(
    { folder, ...bounds, ...(syncIntervalMs === undefined ? {} : { syncIntervalMs }) },
    allEffects,
  );
  const indexes = await openIndexes(log, folder, allEffects.files).catch(async (error: unknown) => {
    await log.close();
    throw error;
  });
  return new ExplainLog({ folder, bytesMax, segmentBytesMax }, allEffects, { log, indexes });
}

/** Why traces were kept or dropped, on disk, found again by trace id. At its bound the oldest are forgotten. */
export class ExplainLog implements DecisionLog {
  readonly #bounds: { folder: string; bytesMax: number; segmentBytesMax: number };
  readonly #blockBytesMax: number;
  readonly #effects: ExplainLogEffects;
  readonly #log: SegmentLog;
  /** Oldest first. */
  readonly #indexes: Map<number, SegmentIndex>;
  readonly #counts = { recordedCount: 0, durableCount: 0, droppedCount: 0, forgottenCount: 0, upkeepFailedCount: 0 };
  #block: RecordBlock | undefined;
  #cancelTimer: (() => void) | undefined;
  /** In the order of their coming, which is the order in which they are written. */
  readonly #unwritten = new Set<RecordBlock>();
  #lastWritten: Promise<void> = Promise.resolve();
  #growing: { segment: number; index: GrowingIndex } | undefined;
  /** Indexes are written and segments forgotten one after the other, behind the scenes. */
  #work: Promise<void> = Promise.resolve();
  #knownSinceUnixMs: number | undefined;

  constructor(
    bounds: { folder: string; bytesMax: number; segmentBytesMax: number },
    effects: ExplainLogEffects,
    { log, indexes }: { log: SegmentLog; indexes: Map<number, SegmentIndex> },
  ) {
    this.#bounds = bounds;
    this.#blockBytesMax = Math.min(BLOCK_BYTES, bounds.segmentBytesMax >> 2);
    this.#effects = effects;
    this.#log = log;
    this.#indexes = indexes;
    if ((log.oldest ?? 1) > 1) this.#knowSince(this.#oldestUnixMs);
  }

  /** Never waits and never throws for the disk's sake; both are copied. */
  record(traceId: Uint8Array, payload: Uint8Array): void {
    if (this.#block?.hasRoomFor(payload.length) === false) this.#append();
    this.#block ??= this.#beginBlock(payload.length);
    this.#block.add(traceId, payload);
    this.#counts.recordedCount++;
  }

  async find(traceId: Uint8Array): Promise<Uint8Array[]> {
    const hash = hashOfTraceId(traceId);
    // Everything that is looked at now is looked at before anything is awaited: a block that is written meanwhile is found once.
    const inMemory = [...this.#unwritten, ...(this.#block === undefined ? [] : [this.#block])];
    const waiting = inMemory.flatMap(({ bytes }) => payloadsOf(bytes, traceId));
    const searches = [...this.#indexes].map(async ([segment, index]) => {
      const payloads: Uint8Array[] = [];
      for (const offset of await index.blocksWith(hash)) {
        const block = await this.#log.readAt(segment, offset);
        if (block !== undefined) payloads.push(...payloadsOf(block, traceId));
      }
      return payloads;
    });
    return [...(await Promise.all(searches)).flat(), ...waiting];
  }

  /** What was recorded since then, oldest first, for whoever starts after a crash; whole segments, so that older ones come too. Views: whoever keeps one copies it. */
  async *readRecent(sinceUnixMs: number): AsyncGenerator<BlockRecord> {
    const indexes = [...this.#indexes];
    for (const [at, [segment]] of indexes.entries()) {
      const next = indexes[at + 1]?.[1];
      if (next !== undefined && next.startUnixMs < sinceUnixMs) continue;
      for await (const { payload } of this.#log.read(segment)) yield* recordsOfBlock(payload);
    }
  }

  /** Since when it knows everything: what was forgotten, or dropped by the disk in this life, is older. Undefined while neither happened. */
  get windowStartUnixMs(): number | undefined {
    return this.#knownSinceUnixMs;
  }

  get counts(): ExplainLogCounts {
    return { ...this.#counts, log: this.#log.counts };
  }

  /** Records recorded: those up to a count of now are settled when `durableCount + droppedCount` has reached it, since both go in order. */
  get recordedCount(): number {
    return this.#counts.recordedCount;
  }

  get durableCount(): number {
    return this.#counts.durableCount;
  }

  get droppedCount(): number {
    return this.#counts.droppedCount;
  }

  /** On disk, what waits to be written included. */
  get bytesHeld(): number {
    let bytes = this.#log.bytesHeld;
    for (const index of this.#indexes.values()) bytes += index.byteLength;
    return bytes;
  }

  /** Until what was recorded is written or dropped, and what is due behind the scenes is done. */
  async flush(): Promise<void> {
    this.#append();
    await this.#lastWritten;
    await this.#work;
  }

  async close(): Promise<void> {
    await this.flush();
    this.#sealGrowing();
    await this.#work;
    await this.#log.close();
  }

  #beginBlock(payloadBytes: number): RecordBlock {
    this.#cancelTimer = this.#effects.startTimer(GATHER_MS, () => this.#append());
    return new RecordBlock(this.#effects.nowUnixMs(), this.#blockBytesMax, payloadBytes);
  }

  #append(): void {
    const block = this.#block;
    if (block === undefined) return;
    this.#cancelTimer?.();
    this.#block = undefined;
    const appended = this.#log.append([block.bytes]);
    if (!appended.ok) return this.#onDropped(block);
    const { segment, written } = appended.value;
    this.#unwritten.add(block);
    this.#lastWritten = written.then(
      (offset) => this.#onWritten(block, segment, offset),
      () => this.#onDropped(block),
    );
  }

  #onWritten(block: RecordBlock, segment: number, offset: number): void {
    this.#unwritten.delete(block);
    this.#counts.durableCount += block.recordCount;
    if (this.#growing?.segment !== segment) {
      this.#sealGrowing();
      this.#growing = { segment, index: new GrowingIndex(block.startUnixMs) };
      this.#indexes.set(segment, this.#growing.index);
      this.#then(() => this.#forgetBeyondBound(segment));
    }
    this.#growing.index.add(block.bytes, offset);
  }

  /** Known is only what comes later: an id of now that is not found may be one of these. */
  #onDropped(block: RecordBlock): void {
    this.#unwritten.delete(block);
    this.#counts.droppedCount += block.recordCount;
    this.#knowSince(this.#effects.nowUnixMs());
  }

  #sealGrowing(): void {
    const growing = this.#growing;
    this.#growing = undefined;
    if (growing === undefined) return;
    this.#then(async () => {
      const { segment, index } = growing;
      const path = join(this.#bounds.folder, indexFileName(segment));
      this.#indexes.set(segment, await index.write(path, this.#effects.files));
    });
  }

  /** Before a segment is filled there is room for it, its index and what waits behind it, so that the bound holds while it grows. */
  async #forgetBeyondBound(newest: number): Promise<void> {
    const { bytesMax, segmentBytesMax } = this.#bounds;
    const isBeyond = (): boolean =>
      this.bytesHeld > bytesMax - 2 * segmentBytesMax || this.#indexes.size > SEGMENTS_MAX;
    for (
      let oldest = this.#log.oldest;
      oldest !== undefined && oldest < newest && isBeyond();
      oldest = this.#log.oldest
    )
      await this.#forget(oldest);
  }

  async #forget(segment: number): Promise<void> {
    await this.#log.drop(segment);
    this.#counts.forgottenCount += this.#indexes.get(segment)?.recordCount ?? 0;
    this.#indexes.delete(segment);
    this.#knowSince(this.#oldestUnixMs);
    await this.#effects.files.remove(join(this.#bounds.folder, indexFileName(segment)));
  }

  get #oldestUnixMs(): number {
    const [oldest] = this.#indexes.values();
    return oldest?.startUnixMs ?? this.#effects.nowUnixMs();
  }

  #knowSince(unixMs: number): void {
    this.#knownSinceUnixMs = Math.max(this.#knownSinceUnixMs ?? 0, unixMs);
  }

  #then(act: () => Promise<void>): void {
    this.#work = this.#work.then(act).catch(() => void this.#counts.upkeepFailedCount++);
  }
}
