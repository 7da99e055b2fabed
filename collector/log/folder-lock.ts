import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { makeFolder, NotHeldError } from '@tracelab/command';

/** SQLITE_BUSY (sqlite.org/rescode.html). */
const BUSY = 5;

/**
 * One log for each folder, in this process and in all others of the machine. The lock is the kernel's, on an empty file that
 * SQLite opens (Node itself offers no file lock): it ends with the process, however that ends. Makes the folder where it is
 * missing. Returns what releases it. Throws a NotHeldError where the folder is in use, or cannot be written.
 */
export function lockFolder(folder: string): () => void {
  const file = join(folder, 'lock.sqlite');
  let database: DatabaseSync | undefined;
  try {
    makeFolder(folder);
    database = new DatabaseSync(file);
    database.exec('BEGIN EXCLUSIVE');
    const held = database;
    return () => held.close();
  } catch (error) {
    database?.close();
    throw (error as { errcode?: number }).errcode === BUSY ? inUse(folder) : unusable(file, error);
  }
}

function inUse(folder: string): NotHeldError {
  return new NotHeldError(
    `the log in ${folder} is in use by another collector: end that one, or give this one another folder with --data or LAB_DATA_DIR`,
  );
}

function unusable(file: string, error: unknown): NotHeldError {
  const reason = error instanceof Error ? error.message : String(error);
  return new NotHeldError(
    `the log cannot use ${file}: ${reason}; make its folder writable, or give another one with --data or LAB_DATA_DIR`,
    { cause: error },
  );
}
