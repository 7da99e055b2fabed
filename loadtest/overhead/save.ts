import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { renderMarkdown } from '../report/markdown.ts';
import { readResultFile, writeResultFile } from '../result-file.ts';
import { parseOverheadResult, type OverheadResult } from './result.ts';

export const MARKDOWN_FILE = 'overhead.md';

/** Saves the raw blocks, reads them back and writes the Markdown from what was read. Returns what was read. */
export async function saveResult(
  folder: string,
  result: OverheadResult,
): Promise<{ file: string; result: OverheadResult }> {
  const file = await writeResultFile(folder, 'overhead.json', result);
  const saved = await readResult(file);
  await writeFile(join(resolve(folder), MARKDOWN_FILE), renderMarkdown(saved));
  return { file, result: saved };
}

/** Throws a UsageError that names the file where it is not a saved result. */
export function readResult(file: string): Promise<OverheadResult> {
  return readResultFile(file, parseOverheadResult);
}
