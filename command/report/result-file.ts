import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Result } from '@tracelab/protocol';
import { UsageError } from '../program/outcome.ts';

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
