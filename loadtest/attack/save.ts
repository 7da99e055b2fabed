import { UsageError } from '@tracelab/command';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseAttackResult, type AttackResult } from './result.ts';

const RESULT_FILE = 'attack.json';

/** Returns where. */
export async function saveAttack(folder: string, result: AttackResult): Promise<string> {
  const file = join(folder, RESULT_FILE);
  await mkdir(folder, { recursive: true });
  await writeFile(file, `${JSON.stringify(result)}\n`);
  return file;
}

/** Throws a UsageError that names the file where it is not a saved result. */
export async function readAttack(file: string): Promise<AttackResult> {
  let text: string;
  try {
    text = await readFile(resolve(file), 'utf8');
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  const parsed = parseAttackResult(text);
  if (parsed.ok) return parsed.value;
  throw new UsageError(`${file} ${parsed.error}`);
}
