import type { LogFile } from './log-files.ts';

/** A segment that is being written. */
export interface OpenSegment {
  sequence: number;
  path: string;
  file: LogFile;
  /** Where the next group goes. */
  bytesWritten: number;
  isNameSynced: boolean;
}

export interface SyncScheduleOptions {
  /** 0: whoever writes syncs before going on. */
  intervalMs: number;
  syncFolder: () => Promise<void>;
  startTimer: (ms: number, act: () => void) => () => void;
}

/** When written bytes are pressed on to the disk. Writing does not wait for it, unless the interval is 0. */
export class SyncSchedule {
  readonly #options: SyncScheduleOptions;
  readonly #unsynced = new Set<OpenSegment>();
  #cancelTimer: (() => void) | undefined;
  /** One sync after the other. */
  #work: Promise<void> = Promise.resolve();
  #failureCount = 0;

  constructor(options: SyncScheduleOptions) {
    this.#options = options;
  }

  get failureCount(): number {
    return this.#failureCount;
  }

  /** Bytes were written. Resolves when the next may be; rejects only where the interval is 0. */
  async written(segment: OpenSegment): Promise<void> {
    if (this.#options.intervalMs === 0) return this.#sync(segment);
    this.#unsynced.add(segment);
    this.#cancelTimer ??= this.#options.startTimer(this.#options.intervalMs, () => {
      this.#cancelTimer = undefined;
      this.#then(() => this.#syncAll());
    });
  }

  /** Nothing more will be written: what is still unsynced is synced behind the scenes, then the file is closed. */
  release(segment: OpenSegment): void {
    this.#then(async () => {
      if (this.#unsynced.delete(segment)) await this.#sync(segment);
    });
    this.#then(() => segment.file.close());
  }

  /** Until all that was released is closed. */
  async close(): Promise<void> {
    this.#cancelTimer?.();
    await this.#work;
  }

  #then(act: () => Promise<void>): void {
    this.#work = this.#work.then(act).catch(() => void this.#failureCount++);
  }

  async #syncAll(): Promise<void> {
    const segments = [...this.#unsynced];
    this.#unsynced.clear();
    for (const segment of segments) await this.#sync(segment);
  }

  async #sync(segment: OpenSegment): Promise<void> {
    await segment.file.sync();
    if (segment.isNameSynced) return;
    await this.#options.syncFolder();
    segment.isNameSynced = true;
  }
}
