import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UsageError } from '@tracelab/command';
import { renderMarkdown } from '../report/markdown.ts';
import { parseOverheadResult, type OverheadResult } from './result.ts';

const RESULT_FILE = 'overhead.json';
export const MARKDOWN_FILE = 'overhead.md';

/** Saves the raw blocks, reads them back and writes the Markdown from what was read. Returns what was read. */
export async function saveResult(
  folder: string,
  result: OverheadResult,
): Promise<{ file: string; result: OverheadResult }> {
  const file = join(resolve(folder), RESULT_FILE);
  await mkdir(resolve(folder), { recursive: true });
  await writeFile(file, `${JSON.stringify(result)}\n`);
  const saved = await readResult(file);
  await writeFile(join(resolve(folder), MARKDOWN_FILE), renderMarkdown(saved));
  return { file, result: saved };
}

/** Throws a UsageError that names the file where it is not a saved result. */
export async function readResult(file: string): Promise<OverheadResult> {
  let text: string;
  try {
    text = await readFile(resolve(file), 'utf8');
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  const parsed = parseOverheadResult(text);
  if (parsed.ok) return parsed.value;
  throw new UsageError(`${file} ${parsed.error}`);
}

/** `2026-11-21T08-03-16`: a folder name on every system. */
export function folderName(startedAt: string): string {
  return startedAt.replace(/\.\d+Z$/, '').replaceAll(':', '-');
}
