import { boldOn, ExitCode, makeFolder, type Output } from '@tracelab/command';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { poolWarnings } from './pool-notes.ts';
import { renderPool, renderPoolMarkdown } from './pool-report.ts';
import { renderPoolPage } from './pool-page.ts';
import { poolRuns } from './pool-runs.ts';
import { readRuns } from './read-runs.ts';

/** Prints one table of the runs in these files, and with a folder writes it as JSON, Markdown and a page too. */
export async function deliverPool(output: Output, files: readonly string[], out: string): Promise<ExitCode> {
  const runs = await readRuns(files);
  const pool = poolRuns(runs);
  const document = { warnings: poolWarnings(pool, runs), ...pool };
  const bold = boldOn(output);
  if (out !== '') {
    makeFolder(resolve(out));
    await writeFile(join(resolve(out), 'pool.json'), `${JSON.stringify(document)}\n`);
    await writeFile(join(resolve(out), 'pool.md'), renderPoolMarkdown(pool, runs));
    await writeFile(join(resolve(out), 'pool.html'), renderPoolPage(pool, runs));
  }
  const written = out === '' ? '' : `\n\nWritten: pool.json, pool.md and pool.html in ${out}.`;
  output.result(document, `${renderPool(pool, runs, bold)}${written}`);
  return ExitCode.done;
}
