import { fstatSync } from 'node:fs';
import { open, unlink, type FileHandle } from 'node:fs/promises';

/** What the log does to the disk: tests put a disk here that refuses. */
export interface LogFiles {
  /** A new file; one that exists is an error. */
  create: (path: string) => Promise<LogFile>;
  /** A file that is gone already is no error. */
  remove: (path: string) => Promise<void>;
  /** Makes new names in the folder survive a power cut. */
  syncFolder: (path: string) => Promise<void>;
}

export interface LogFile {
  /** All of it or an error: what was written before the error may be there. */
  write: (buffers: readonly Uint8Array[], position: number) => Promise<void>;
  truncate: (bytes: number) => Promise<void>;
  /** fdatasync(2). */
  sync: () => Promise<void>;
  close: () => Promise<void>;
}

export const LOG_FILES: LogFiles = {
  create: async (path) => {
    const handle = await open(path, 'wx');
    return {
      write: (buffers, position) => writeAll(handle, buffers, position),
      truncate: (bytes) => handle.truncate(bytes),
      sync: () => handle.datasync(),
      close: () => handle.close(),
    };
  },
  remove: (path) =>
    unlink(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    }),
  syncFolder: async (path) => {
    // Windows cannot open a folder, and needs no such thing.
    if (process.platform === 'win32') return;
    const handle = await open(path, 'r');
    await handle.sync().finally(() => handle.close());
  },
};

/** A disk that is full takes a part first, and says why it took no more only when asked again. */
async function writeAll(handle: FileHandle, buffers: readonly Uint8Array[], position: number): Promise<void> {
  // The kernel goes on writing into a file that nobody can open any more.
  if (fstatSync(handle.fd).nlink === 0) throw new Error('somebody has removed the file');
  let left = buffers;
  let at = position;
  while (left.length > 0) {
    const { bytesWritten } = await handle.writev(left, at);
    at += bytesWritten;
    left = behind(left, bytesWritten);
  }
}

function behind(buffers: readonly Uint8Array[], bytes: number): Uint8Array[] {
  let skipped = 0;
  for (const [index, buffer] of buffers.entries()) {
    if (skipped + buffer.length > bytes) return [buffer.subarray(bytes - skipped), ...buffers.slice(index + 1)];
    skipped += buffer.length;
  }
  return [];
}
