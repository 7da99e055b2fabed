import { makeFolder, readResultFile } from '@tracelab/command';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { renderMarkdown } from '../report/markdown.ts';
import { renderPage } from '../report/page/render-page.ts';
import { writeResultFile } from '../result-file.ts';
import { parseOverheadResult, type OverheadResult } from './result.ts';

/** Both beside the saved result, and computed from it alone. */
export const REPORT_FILES = { markdown: 'overhead.md', page: 'overhead.html' } as const;

/** Saves the raw blocks, reads them back and writes the reports from what was read. Returns what was read. */
export async function saveResult(
  folder: string,
  result: OverheadResult,
): Promise<{ file: string; result: OverheadResult }> {
  const file = await writeResultFile(folder, 'overhead.json', result);
  const saved = await readResult(file);
  await writeReports(folder, saved);
  return { file, result: saved };
}

/** Writes the Markdown and the HTML page into the folder. */
export async function writeReports(folder: string, result: OverheadResult): Promise<void> {
  makeFolder(resolve(folder));
  await writeFile(join(resolve(folder), REPORT_FILES.markdown), renderMarkdown(result));
  await writeFile(join(resolve(folder), REPORT_FILES.page), renderPage(result));
}

/** Throws a UsageError that names the file where it is not a saved result. */
export function readResult(file: string): Promise<OverheadResult> {
  return readResultFile(file, parseOverheadResult);
}

/** A saved run and the file it was read from. */
export interface NamedRun {
  file: string;
  result: OverheadResult;
}

/** Whether two files hold one run: then they say nothing about each other. */
export function isSameRun({ result: one }: NamedRun, { result: other }: NamedRun): boolean {
  return one.startedAt === other.startedAt && one.seed === other.seed;
}

/** Throws as `readResult` does. */
export async function readNamedRun(file: string): Promise<NamedRun> {
  return { file, result: await readResult(file) };
}
