import { UsageError } from '@tracelab/command';
import { accept, isRecord, refuse, type Result } from '@tracelab/protocol';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** Saves what was measured as one line of JSON and returns where. */
export async function writeResultFile(folder: string, name: string, result: unknown): Promise<string> {
  const file = join(resolve(folder), name);
  await mkdir(resolve(folder), { recursive: true });
  await writeFile(file, `${JSON.stringify(result)}\n`);
  return file;
}

/** Throws a UsageError that names the file where it cannot be read or is not what `parse` takes. */
export async function readResultFile<Value>(file: string, parse: (text: string) => Result<Value>): Promise<Value> {
  let text: string;
  try {
    text = await readFile(resolve(file), 'utf8');
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  const parsed = parse(text);
  if (parsed.ok) return parsed.value;
  throw new UsageError(`${file} ${parsed.error}`);
}

/** The object in a saved result of this command, in version 1 of its format; what is in it is the caller's to check. */
export function parseResultObject(text: string, command: string): Result<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return refuse(`is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const format = `tracelab-${command}`;
  if (!isRecord(value) || value['format'] !== format)
    return refuse(`is not a result of \`${command}\`: "format" should be "${format}"`);
  if (value['version'] !== 1) return refuse(`has version ${String(value['version'])}: this program reads version 1`);
  return accept(value);
}

/** Of `describeMachine`, each with its type. */
export const MACHINE_FIELDS = {
  cpuModel: 'string',
  cores: 'number',
  memoryBytes: 'number',
  platform: 'string',
  node: 'string',
} as const;

/** The first field that has another type; `at` is the object's place, with a dot behind it where it is not the whole. */
export function flawOfFields(at: string, value: unknown, fields: Readonly<Record<string, string>>): string | undefined {
  if (!isRecord(value)) return `"${at.slice(0, -1)}" should be an object`;
  const wrong = Object.entries(fields).find(([key, type]) => typeof value[key] !== type);
  return wrong === undefined ? undefined : `"${at}${wrong[0]}" should be a ${wrong[1]}`;
}

/** `2026-11-21T08-03-16`: a folder name on every system. */
export function folderName(startedAt: string): string {
  return startedAt.replace(/\.\d+Z$/, '').replaceAll(':', '-');
}
