import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { NotHeldError } from '../program/outcome.ts';
import { makeFolder } from './make-folder.ts';

const LOG_BYTES_MAX = 10 * 1024 * 1024;

/** A log that cannot fill the disk: at the bound the file becomes `<name>.1`, replacing the one before it. */
export interface LogFile {
  /** Never throws: what cannot be written, as on a full disk, is dropped, and the log says how much once it can. */
  write: (chunk: Uint8Array) => void;
  close: () => void;
}

/** Throws a NotHeldError where the file cannot be written at all. */
export function openLogFile(path: string, bytesMax: number = LOG_BYTES_MAX): LogFile {
  let descriptor: number | undefined = openFirst(path);
  let isClosed = false;
  let bytesLost = 0;
  const end = (): void => {
    if (descriptor !== undefined) closeSync(descriptor);
    descriptor = undefined;
  };
  const append = (chunk: Uint8Array): void => {
    descriptor ??= openSync(path, 'a');
    const { size } = fstatSync(descriptor);
    if (size > 0 && size + chunk.length > bytesMax) {
      end();
      renameSync(path, `${path}.1`);
      descriptor = openSync(path, 'a');
    }
    if (bytesLost > 0) writeSync(descriptor, `(${bytesLost} bytes of this log could not be written)\n`);
    bytesLost = 0;
    writeSync(descriptor, chunk);
  };
  return {
    write: (chunk) => {
      if (isClosed) return;
      try {
        append(chunk);
      } catch {
        bytesLost += chunk.length;
      }
    },
    close: () => {
      isClosed = true;
      end();
    },
  };
}

function openFirst(path: string): number {
  try {
    makeFolder(dirname(path));
    return openSync(path, 'a');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new NotHeldError(
      `the log ${path} cannot be written (${code}): move away what is there, or choose another folder with LAB_DATA_DIR`,
      { cause: error },
    );
  }
}
