import { join } from 'node:path';
import type { LogFiles } from './log-files.ts';
import { encodeSegmentHeader, SEGMENT_HEADER_BYTES, segmentFileName } from './segment-format.ts';
import { SyncSchedule, type OpenSegment } from './sync-schedule.ts';

export interface QueuedRecord {
  segment: number;
  /** Its header and the parts of its payload. */
  buffers: Uint8Array[];
  byteLength: number;
}

export interface WriterOptions {
  folder: string;
  syncIntervalMs: number;
}

export interface WriterEffects<Queued> {
  files: LogFiles;
  startTimer: (ms: number, act: () => void) => () => void;
  /** At the offset in its segment's file. */
  onWritten: (record: Queued, offset: number) => void;
  onFailed: (record: Queued, error: Error) => void;
  /** The disk refused: nothing more can go into this segment. An empty one has no file. */
  onBroken: (segment: number, isEmpty: boolean) => void;
}

/** Of one write: below what Linux takes at once, 2 GiB, and no long wait for whoever comes behind. */
const GROUP_BYTES_MAX = 16 * 2 ** 20;

/** Group commit: whatever is added while a write is under way goes into the next one; one write at a time. */
export class GroupWriter<Queued extends QueuedRecord> {
  readonly #folder: string;
  readonly #effects: WriterEffects<Queued>;
  readonly #syncs: SyncSchedule;
  #queue: Queued[] = [];
  #open: OpenSegment | undefined;
  #work: Promise<void> | undefined;
  #groupCount = 0;

  constructor({ folder, syncIntervalMs }: WriterOptions, effects: WriterEffects<Queued>) {
    this.#folder = folder;
    this.#effects = effects;
    const syncFolder = (): Promise<void> => effects.files.syncFolder(folder);
    this.#syncs = new SyncSchedule({ intervalMs: syncIntervalMs, syncFolder, startTimer: effects.startTimer });
  }

  get groupCount(): number {
    return this.#groupCount;
  }

  get syncFailureCount(): number {
    return this.#syncs.failureCount;
  }

  /** In order of their segments. */
  add(record: Queued): void {
    this.#queue.push(record);
    this.#work ??= this.#writeAll();
  }

  /** Writes and syncs what is queued, then closes the file. */
  async close(): Promise<void> {
    await this.#work;
    this.#release();
    await this.#syncs.close();
  }

  async #writeAll(): Promise<void> {
    // Not at once: what is added by the same callback belongs together.
    await Promise.resolve();
    while (this.#queue.length > 0) await this.#writeGroup(this.#takeGroup());
    this.#work = undefined;
  }

  #takeGroup(): Queued[] {
    const segment = this.#queue[0]?.segment;
    let bytes = 0;
    const end = this.#queue.findIndex((record, index) => {
      bytes += record.byteLength;
      return record.segment !== segment || (index > 0 && bytes > GROUP_BYTES_MAX);
    });
    return this.#queue.splice(0, end === -1 ? this.#queue.length : end);
  }

  async #writeGroup(group: Queued[]): Promise<void> {
    const segment = group[0]?.segment ?? 0;
    try {
      const open = await this.#openSegment(segment);
      const buffers = group.flatMap((record) => record.buffers);
      const header = open.bytesWritten === 0 ? [encodeSegmentHeader(segment)] : [];
      await open.file.write([...header, ...buffers], open.bytesWritten);
      await this.#syncs.written(open);
      this.#groupCount++;
      let offset = open.bytesWritten + header.length * SEGMENT_HEADER_BYTES;
      for (const record of group) {
        this.#effects.onWritten(record, offset);
        offset += record.byteLength;
      }
      open.bytesWritten = offset;
    } catch (error) {
      await this.#abandon(segment, group, error);
    }
  }

  async #openSegment(sequence: number): Promise<OpenSegment> {
    if (this.#open?.sequence === sequence) return this.#open;
    this.#release();
    const path = join(this.#folder, segmentFileName(sequence));
    const file = await this.#effects.files.create(path);
    this.#open = { sequence, path, file, bytesWritten: 0, isNameSynced: false };
    return this.#open;
  }

  /** After an error nobody knows what the file has behind the last group (of pages that could not be synced, not even the kernel): it is cut off there and left alone. */
  async #abandon(segment: number, group: Queued[], cause: unknown): Promise<void> {
    const open = this.#open?.sequence === segment ? this.#open : undefined;
    const isEmpty = open === undefined || open.bytesWritten === 0;
    this.#effects.onBroken(segment, isEmpty);
    // What a torn tail costs when it cannot be cut off is a line in the count of torn bytes.
    await open?.file.truncate(open.bytesWritten).catch(() => {});
    if (open !== undefined && isEmpty) await this.#effects.files.remove(open.path).catch(() => {});
    this.#release();
    const behind = this.#queue.filter((record) => record.segment === segment);
    this.#queue = this.#queue.filter((record) => record.segment !== segment);
    const error = refusedByDisk(join(this.#folder, segmentFileName(segment)), cause);
    for (const record of [...group, ...behind]) this.#effects.onFailed(record, error);
  }

  #release(): void {
    if (this.#open !== undefined) this.#syncs.release(this.#open);
    this.#open = undefined;
  }
}

function refusedByDisk(path: string, cause: unknown): Error {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new Error(
    `the log could not write ${path}: ${reason}; see that its folder is there, writable and has room, then send again`,
    { cause },
  );
}
