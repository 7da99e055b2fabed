import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

export const LOG_BYTES_MAX = 10 * 1024 * 1024;

/** A log that cannot fill the disk: at the bound the file becomes `<name>.1`, replacing the one before it. */
export interface LogFile {
  write: (chunk: Uint8Array) => void;
  close: () => void;
}

export function openLogFile(path: string, bytesMax: number = LOG_BYTES_MAX): LogFile {
  mkdirSync(dirname(path), { recursive: true });
  let descriptor: number | undefined = openSync(path, 'a');
  let size = fstatSync(descriptor).size;
  return {
    write: (chunk) => {
      if (descriptor === undefined) return;
      if (size > 0 && size + chunk.length > bytesMax) {
        closeSync(descriptor);
        renameSync(path, `${path}.1`);
        descriptor = openSync(path, 'a');
        size = 0;
      }
      writeSync(descriptor, chunk);
      size += chunk.length;
    },
    close: () => {
      if (descriptor !== undefined) closeSync(descriptor);
      descriptor = undefined;
    },
  };
}
