import { dataFolder, makeFolder, UsageError } from '@tracelab/command';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** Where a result goes: the folder that was asked for, or one of its own under the data folder, named by its command and time. */
export function resultFolder(out: string, command: string, startedAt: string): string {
  return resolve(out === '' ? join(dataFolder(process.env), command, folderName(startedAt)) : out);
}

/** Makes the folder, where one is named, before anything is measured: what cannot be saved afterwards is lost. Throws a UsageError. */
export function makeResultFolder(out: string): void {
  if (out === '') return;
  try {
    makeFolder(resolve(out));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`--out should be a folder that can be made: ${why}`, { cause });
  }
}

/** Saves what was measured as one line of JSON and returns where. */
export async function writeResultFile(folder: string, name: string, result: unknown): Promise<string> {
  const file = join(resolve(folder), name);
  makeFolder(resolve(folder));
  await writeFile(file, `${JSON.stringify(result)}\n`);
  return file;
}

/** `2026-11-21T08-03-16`: a folder name on every system. */
function folderName(startedAt: string): string {
  return startedAt.replace(/\.\d+Z$/, '').replaceAll(':', '-');
}
