import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isProcessAlive, makeFolder, NotHeldError, readProcessStat } from '@tracelab/command';

/** Who runs the lab of a data folder. The start time tells a running lab from a process that was given its old id. */
interface LockHolder {
  pid: number;
  /** Clock ticks since the machine started (proc(5), field 22); empty where the system does not tell. */
  startTicks: string;
  /** Where its control listens. */
  controlUrl: string;
}

/** One lab for each data folder. Throws a NotHeldError where one runs already, or where the folder cannot be written. */
export function takeLock(dataFolder: string, controlUrl: string): { release: () => void } {
  const path = join(dataFolder, 'lab.lock');
  const own: LockHolder = { pid: process.pid, startTicks: startTicksOf(process.pid), controlUrl };
  prepareFolder(dataFolder);
  if (!createFile(path, own)) {
    const holder = readHolder(path);
    if (holder !== undefined && isRunning(holder)) throw new NotHeldError(explainHolder(holder, dataFolder));
    removeFile(path);
    // Whoever was faster holds it now.
    if (!createFile(path, own))
      throw new NotHeldError(`another lab is just starting in ${dataFolder}: wait until it is ready`);
  }
  return {
    release: () => {
      if (readHolder(path)?.pid === process.pid) rmSync(path, { force: true });
    },
  };
}

function explainHolder(holder: LockHolder, dataFolder: string): string {
  return (
    `a lab is already running (pid ${holder.pid}, control at ${holder.controlUrl}): use that one, or end it with Ctrl-C or 'kill ${holder.pid}'. ` +
    `A second one beside it needs ports and a folder of its own: LAB_PORT_BASE=5600 LAB_DATA_DIR=${dataFolder}-2 npm start`
  );
}

const REASONS: Readonly<Record<string, string>> = {
  EEXIST: 'EEXIST, it is a file',
  ENOTDIR: 'ENOTDIR, a file is above it',
  ERR_FS_EISDIR: 'EISDIR, a folder is in the place of a file',
};

function prepareFolder(folder: string): void {
  try {
    makeFolder(folder);
  } catch (error) {
    throw unwritable(folder, error);
  }
}

/** False where the file exists: creating it is what takes the lock. */
function createFile(path: string, holder: LockHolder): boolean {
  try {
    writeFileSync(path, JSON.stringify(holder), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw unwritable(path, error);
  }
}

function removeFile(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch (error) {
    throw unwritable(path, error);
  }
}

function unwritable(path: string, error: unknown): NotHeldError {
  const code = (error as NodeJS.ErrnoException).code ?? String(error);
  return new NotHeldError(
    `the data folder cannot be written (${REASONS[code] ?? code}: ${path}): make it writable, or choose another with LAB_DATA_DIR`,
    { cause: error },
  );
}

/** Undefined where the file is gone or is none of ours: then nobody holds it. */
function readHolder(path: string): LockHolder | undefined {
  try {
    const holder = JSON.parse(readFileSync(path, 'utf8')) as Partial<LockHolder> | null;
    return Number.isInteger(holder?.pid)
      ? { pid: holder?.pid ?? 0, startTicks: holder?.startTicks ?? '', controlUrl: holder?.controlUrl ?? '' }
      : undefined;
  } catch {
    return undefined;
  }
}

function isRunning(holder: LockHolder): boolean {
  return isProcessAlive(holder.pid) && startTicksOf(holder.pid) === holder.startTicks;
}

/** Empty where the system does not tell. */
function startTicksOf(pid: number): string {
  return readProcessStat(pid)?.startTicks ?? '';
}
