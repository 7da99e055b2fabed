import { LOG_FILES, type LogFile, type LogFiles } from './log-files.ts';

/** A real folder on a disk that takes so many bytes more and then refuses as a full one does: after a part. Syncs are only counted. */
export class RefusingDisk implements LogFiles {
  bytesLeft = Infinity;
  /** Syncs refuse as well. */
  isSyncRefused = false;
  /** Writes wait for it: whoever tests groups holds one back. */
  gate: Promise<void> = Promise.resolve();
  writeCount = 0;
  syncCount = 0;
  folderSyncCount = 0;
  openCount = 0;

  create = async (path: string): Promise<LogFile> => {
    const file = await LOG_FILES.create(path);
    this.openCount++;
    return {
      write: (buffers, position) => this.#write(file, buffers, position),
      truncate: (bytes) => file.truncate(bytes),
      sync: async () => {
        this.syncCount++;
        if (this.isSyncRefused) throw new Error('EIO: i/o error, fdatasync');
      },
      close: async () => {
        this.openCount--;
        await file.close();
      },
    };
  };

  remove = (path: string): Promise<void> => LOG_FILES.remove(path);

  syncFolder = async (): Promise<void> => {
    this.folderSyncCount++;
  };

  async #write(file: LogFile, buffers: readonly Uint8Array[], position: number): Promise<void> {
    this.writeCount++;
    await this.gate;
    const bytes = Buffer.concat(buffers);
    const taken = bytes.subarray(0, this.bytesLeft);
    this.bytesLeft -= taken.length;
    await file.write([taken], position);
    if (taken.length < bytes.length) throw new Error('ENOSPC: no space left on device, write');
  }
}
