import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

export { readResultFile } from '@tracelab/command';
export { flawOfFields, MACHINE_FIELDS, parseResultObject } from '@tracelab/protocol';

/** Saves what was measured as one line of JSON and returns where. */
export async function writeResultFile(folder: string, name: string, result: unknown): Promise<string> {
  const file = join(resolve(folder), name);
  await mkdir(resolve(folder), { recursive: true });
  await writeFile(file, `${JSON.stringify(result)}\n`);
  return file;
}

/** `2026-11-21T08-03-16`: a folder name on every system. */
export function folderName(startedAt: string): string {
  return startedAt.replace(/\.\d+Z$/, '').replaceAll(':', '-');
}
