import { drawTextTable } from '@tracelab/command';
import { drawMarkdownTable } from '../report/markdown.ts';
import { wrap } from '../report/prose.ts';
import { machineTable, pictured, pooledTables } from './pool-cells.ts';
import { machineLines, poolNotes, poolTitle, poolWarnings } from './pool-notes.ts';
import type { NamedRun } from '../overhead/save.ts';
import type { Pool, WorkloadPool } from './pool-runs.ts';

/** For people in front of a terminal; `bold` is the identity where there are no colours. */
export function renderPool(pool: Pool, runs: readonly NamedRun[], bold: (text: string) => string): string {
  return [
    ...poolWarnings(pool, runs).map((warning) => bold(wrap(warning, ''))),
    ...pool.workloads.map((workload) => sectionOf(pool, workload, bold)),
    ['Machines:', ...machineLines(pool)].map((line) => wrap(line, '   ')).join('\n'),
    poolNotes(pool)
      .map((note) => wrap(note, '  '))
      .join('\n'),
  ].join('\n\n');
}

function sectionOf(pool: Pool, workload: WorkloadPool, bold: (text: string) => string): string {
  return [
    bold(poolTitle(workload)),
    ...pooledTables(workload).map((table) => drawTextTable(table)),
    ...workload.rows.map((row) => drawTextTable(pictured(row, machineTable(row, pool, workload)))),
  ].join('\n\n');
}

/** The same as a Markdown page. */
export function renderPoolMarkdown(pool: Pool, runs: readonly NamedRun[]): string {
  const list = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join('\n');
  const parts = [
    '# What tracing costs on many machines',
    ...poolWarnings(pool, runs).map((warning) => `**${warning}**`),
    ...pool.workloads.flatMap((workload) => [
      `## ${poolTitle(workload)}`,
      ...pooledTables(workload).map(drawMarkdownTable),
      ...workload.rows.map((row) => drawMarkdownTable(machineTable(row, pool, workload))),
    ]),
    '## Machines',
    list(machineLines(pool)),
    '## How to read it',
    list(poolNotes(pool)),
  ];
  return `${parts.join('\n\n')}\n`;
}
