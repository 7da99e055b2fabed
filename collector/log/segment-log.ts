import { join } from 'node:path';
import { startTimer } from '@tracelab/command';
import { accept, refuse, type Result } from '@tracelab/protocol';
import { lockFolder } from './folder-lock.ts';
import { GroupWriter, type QueuedRecord } from './group-writer.ts';
import { LOG_FILES, type LogFiles } from './log-files.ts';
import { listSegments } from './open-folder.ts';
import {
  encodeRecordHeader,
  PAYLOAD_BYTES_MAX,
  RECORD_HEADER_BYTES,
  SEGMENT_HEADER_BYTES,
  segmentFileName,
} from './segment-format.ts';
import { readRecordAt, readSegment, type SegmentEnd, type SegmentRecord } from './segment-reader.ts';

export interface SegmentLogOptions {
  /** Made where it is missing, and used by one log at a time. */
  folder: string;
  /** A segment with more is sealed; a larger record has a segment of its own. */
  segmentBytesMax: number;
  /** Of all segments together, records that wait to be written included. */
  bytesMax: number;
  /** Of records in memory that wait to be written; 256 MiB. */
  unwrittenBytesMax?: number;
  /**
   * What `written` promises, and what is lost, in ms (1000):
   *   more than 0   the kernel has the bytes. The end of the process, kill -9 too, loses nothing that was written; a power cut
   *                 or a crash of the kernel loses what was written in the last interval (a little more on a slow disk)
   *   0             the disk has them (fdatasync): neither loses anything that was written. A group then takes as long as the disk
   * Either way what is not yet written is lost with the process.
   */
  syncIntervalMs?: number;
  /** The last number that a segment here has ever had, where somebody remembers it: new ones are higher. @default that of the last one that is there */
  lastSequence?: number;
}

export interface SegmentLogEffects {
  files: LogFiles;
  startTimer: (ms: number, act: () => void) => () => void;
  /** One sentence: the file, where in it, and what is lost. */
  reportDamage: (message: string) => void;
}

export interface Appended {
  segment: number;
  /** The record's offset in its segment. Rejects where the disk refuses: then nothing of the record will be read, and the next append begins a new segment. */
  written: Promise<number>;
}

export interface AppendRefusal {
  /** full: `bytesMax`; behind: `unwrittenBytesMax`; tooLarge: a payload over 1 GiB; closed: after `close`. */
  reason: 'full' | 'behind' | 'tooLarge' | 'closed';
  message: string;
}

export interface SegmentLogCounts {
  recordsWritten: number;
  /** Taken, and then refused by the disk. */
  recordsFailed: number;
  /** Not taken. */
  recordsRefused: number;
  groupsWritten: number;
  /** Syncs in the background that the disk refused, and folders that could not be synced. */
  syncsFailed: number;
  /** Behind the last whole record of a segment that a crash cut short. */
  bytesTorn: number;
  segmentsDamaged: number;
  /** From the damage to the end of its segment. */
  bytesDamaged: number;
}

interface Segment {
  bytes: number;
  unwrittenCount: number;
}

interface WaitingRecord extends QueuedRecord {
  resolve: (offset: number) => void;
  reject: (error: Error) => void;
}

const UNWRITTEN_BYTES_MAX = 256 * 2 ** 20;
const SYNC_INTERVAL_MS = 1000;

/** Throws a NotHeldError where the folder is in use, cannot be written, or is of another version. */
export async function openSegmentLog(
  options: SegmentLogOptions,
  effects: Partial<SegmentLogEffects> = {},
): Promise<SegmentLog> {
  const unlock = lockFolder(options.folder);
  try {
    const segments = await listSegments(options.folder);
    return new SegmentLog(options, { ...DEFAULT_EFFECTS, ...effects }, { segments, unlock });
  } catch (error) {
    unlock();
    throw error;
  }
}

const DEFAULT_EFFECTS: SegmentLogEffects = { files: LOG_FILES, startTimer, reportDamage: () => {} };

/** An append-only log in a folder of its own. Records are read in the order in which they were appended. */
export class SegmentLog {
  readonly #options: SegmentLogOptions;
  readonly #effects: SegmentLogEffects;
  readonly #unlock: () => void;
  readonly #writer: GroupWriter<WaitingRecord>;
  /** Oldest first. */
  readonly #segments = new Map<number, Segment>();
  readonly #earlier: readonly number[];
  readonly #endsCounted = new Set<number>();
  readonly #counts = { recordsWritten: 0, recordsFailed: 0, recordsRefused: 0 };
  readonly #losses = { bytesTorn: 0, segmentsDamaged: 0, bytesDamaged: 0 };
  #current: number | undefined;
  #lastSequence: number;
  #bytesHeld = 0;
  #bytesUnwritten = 0;
  #isClosed = false;

  constructor(
    options: SegmentLogOptions,
    effects: SegmentLogEffects,
    { segments, unlock }: { segments: ReadonlyMap<number, number>; unlock: () => void },
  ) {
    this.#options = options;
    this.#effects = effects;
    this.#unlock = unlock;
    for (const [sequence, bytes] of segments) this.#segments.set(sequence, { bytes, unwrittenCount: 0 });
    for (const bytes of segments.values()) this.#bytesHeld += bytes;
    this.#earlier = [...segments.keys()];
    this.#lastSequence = Math.max(this.#earlier.at(-1) ?? 0, options.lastSequence ?? 0);
    this.#writer = new GroupWriter<WaitingRecord>(
      { folder: options.folder, syncIntervalMs: options.syncIntervalMs ?? SYNC_INTERVAL_MS },
      {
        files: effects.files,
        startTimer: effects.startTimer,
        onWritten: (record, offset) => this.#onWritten(record, offset),
        onFailed: (record, error) => this.#onFailed(record, error),
        onBroken: (segment, isEmpty) => this.#onBroken(segment, isEmpty),
      },
    );
  }

  /** The payload is the parts one after the other; they belong to the log until `written` is settled. */
  append(parts: readonly Uint8Array[]): Result<Appended, AppendRefusal> {
    let payloadBytes = 0;
    for (const part of parts) payloadBytes += part.length;
    const byteLength = RECORD_HEADER_BYTES + payloadBytes;
    const refusal = this.#refusalOf(byteLength);
    if (refusal !== undefined) {
      this.#counts.recordsRefused++;
      return refuse(refusal);
    }
    const sequence = this.#segmentFor(byteLength);
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    // Whoever does not look at it is not ended by it.
    promise.catch(() => {});
    const buffers = [encodeRecordHeader(parts, payloadBytes), ...parts];
    this.#account(sequence, byteLength, 1);
    this.#writer.add({ segment: sequence, buffers, byteLength, resolve, reject });
    return accept({ segment: sequence, written: promise });
  }

  /** The next record begins a new segment, so that this one can be dropped. */
  seal(): void {
    this.#current = undefined;
  }

  /** What was there when the log was opened, oldest first; reading goes on behind torn and damaged places with the next segment. */
  async *replay(): AsyncGenerator<SegmentRecord> {
    for (const segment of this.#earlier) yield* this.read(segment);
  }

  /** What of a segment has been written; nothing where it was dropped. */
  async *read(segment: number): AsyncGenerator<SegmentRecord> {
    if (!this.#segments.has(segment)) return;
    try {
      const end = yield* readSegment(this.#pathOf(segment), segment);
      if (!this.#isBeingWritten(segment)) this.#countEnd(segment, end);
    } catch (error) {
      const bytesLost = this.#segments.get(segment)?.bytes;
      // It was dropped meanwhile.
      if (bytesLost === undefined) return;
      const reason = error instanceof Error ? error.message : String(error);
      this.#countEnd(segment, { kind: 'damaged', offset: 0, bytesLost, reason });
    }
  }

  /** Undefined where no whole record is at that offset, or the segment was dropped. */
  readAt(segment: number, offset: number): Promise<Buffer | undefined> {
    return readRecordAt(this.#pathOf(segment), offset);
  }

  /** Unlinks a segment; one that is gone is no error. The one that is being written cannot be dropped: `seal` and await its records first. */
  async drop(segment: number): Promise<void> {
    if (this.#isBeingWritten(segment))
      throw new Error(
        `segment ${segment} is being written: only a sealed one whose records are settled can be dropped`,
      );
    await this.#effects.files.remove(this.#pathOf(segment));
    this.#forget(segment);
  }

  /** Writes and syncs what was appended, and frees the folder. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#writer.close();
    this.#unlock();
  }

  /** Oldest first. */
  get segments(): number[] {
    return [...this.#segments.keys()];
  }

  get oldest(): number | undefined {
    const [oldest] = this.#segments.keys();
    return oldest;
  }

  get bytesHeld(): number {
    return this.#bytesHeld;
  }

  get counts(): SegmentLogCounts {
    const { groupCount, syncFailureCount } = this.#writer;
    return { ...this.#counts, ...this.#losses, groupsWritten: groupCount, syncsFailed: syncFailureCount };
  }

  #isBeingWritten(segment: number): boolean {
    return segment === this.#current || (this.#segments.get(segment)?.unwrittenCount ?? 0) > 0;
  }

  #pathOf(segment: number): string {
    return join(this.#options.folder, segmentFileName(segment));
  }

  #refusalOf(byteLength: number): AppendRefusal | undefined {
    const { folder, bytesMax, unwrittenBytesMax = UNWRITTEN_BYTES_MAX } = this.#options;
    const got = `the log in ${folder} takes no record of ${byteLength} bytes:`;
    if (this.#isClosed) return { reason: 'closed', message: `${got} it is closed` };
    if (byteLength > PAYLOAD_BYTES_MAX)
      return { reason: 'tooLarge', message: `${got} at most ${PAYLOAD_BYTES_MAX} are allowed` };
    if (this.#bytesHeld + byteLength + SEGMENT_HEADER_BYTES > bytesMax)
      return { reason: 'full', message: `${got} it holds ${this.#bytesHeld} of at most ${bytesMax}` };
    if (this.#bytesUnwritten > 0 && this.#bytesUnwritten + byteLength > unwrittenBytesMax)
      return { reason: 'behind', message: `${got} the disk is ${this.#bytesUnwritten} bytes behind; send again later` };
    return undefined;
  }

  #segmentFor(byteLength: number): number {
    const bytes = this.#current === undefined ? 0 : (this.#segments.get(this.#current)?.bytes ?? 0);
    const isFull = bytes + byteLength > this.#options.segmentBytesMax;
    if (this.#current !== undefined && !isFull) return this.#current;
    this.#current = ++this.#lastSequence;
    this.#segments.set(this.#current, { bytes: 0, unwrittenCount: 0 });
    this.#account(this.#current, SEGMENT_HEADER_BYTES, 0);
    return this.#current;
  }

  /** Bytes that the segment will have, of so many records. */
  #account(sequence: number, bytes: number, unwritten: 0 | 1): void {
    this.#bytesUnwritten += bytes * unwritten;
    const segment = this.#segments.get(sequence);
    if (segment === undefined) return;
    segment.bytes += bytes;
    segment.unwrittenCount += unwritten;
    this.#bytesHeld += bytes;
  }

  #onWritten(record: WaitingRecord, offset: number): void {
    this.#counts.recordsWritten++;
    this.#bytesUnwritten -= record.byteLength;
    const segment = this.#segments.get(record.segment);
    if (segment !== undefined) segment.unwrittenCount--;
    record.resolve(offset);
  }

  #onFailed(record: WaitingRecord, error: Error): void {
    this.#counts.recordsFailed++;
    this.#bytesUnwritten -= record.byteLength;
    const segment = this.#segments.get(record.segment);
    if (segment !== undefined) {
      segment.unwrittenCount--;
      segment.bytes -= record.byteLength;
      this.#bytesHeld -= record.byteLength;
    }
    record.reject(error);
  }

  #onBroken(segment: number, isEmpty: boolean): void {
    if (segment === this.#current) this.#current = undefined;
    if (isEmpty) this.#forget(segment);
  }

  #forget(sequence: number): void {
    this.#bytesHeld -= this.#segments.get(sequence)?.bytes ?? 0;
    this.#segments.delete(sequence);
    this.#endsCounted.delete(sequence);
  }

  #countEnd(segment: number, end: SegmentEnd): void {
    if (end.kind === 'whole' || this.#endsCounted.has(segment)) return;
    this.#endsCounted.add(segment);
    if (end.kind === 'torn') this.#losses.bytesTorn += end.bytesLost;
    else {
      this.#losses.segmentsDamaged++;
      this.#losses.bytesDamaged += end.bytesLost;
      this.#effects.reportDamage(
        `${this.#pathOf(segment)} is damaged at byte ${end.offset}: ${end.reason}; the ${end.bytesLost} bytes from there on are not read`,
      );
    }
  }
}
