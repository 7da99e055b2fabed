import type { TextTable } from '@tracelab/command';
import type { OverheadResult } from '../overhead/result.ts';
import { wideTable } from './cells.ts';
import { completenessLine, machineLine, readingNotes, notesOf, titleOf, warningsOf } from './notes.ts';
import { latencyNotes, latencyTable } from './latency-cells.ts';
import type { LatencySummary } from './latency-summary.ts';
import { summarize, type WorkloadSummary } from './summary.ts';
import { describeRatio } from './tracer-ratios.ts';

/** The report as a Markdown page. */
export function renderMarkdown(result: OverheadResult): string {
  const summaries = summarize(result);
  const incomplete = completenessLine(result);
  const parts = ['# What tracing costs on this machine', machineLine(result, summaries)];
  if (incomplete !== undefined) parts.push(`**${incomplete}**`);
  if (summaries.length === 0) parts.push('No round was completed: there is nothing to compare.');
  for (const summary of summaries) parts.push(...sectionOf(summary, result));
  if (summaries.length > 0)
    parts.push(
      '## How to read it',
      readingNotes(result.comparison)
        .map((note) => `- ${note}`)
        .join('\n'),
    );
  return `${parts.join('\n\n')}\n`;
}

function sectionOf(summary: WorkloadSummary, result: OverheadResult): string[] {
  const warnings = warningsOf(summary).map((warning) => `**${warning}**`);
  const notes = [...summary.ratios.map(describeRatio), ...notesOf(summary, result)].map((note) => `- ${note}`);
  const { latency } = summary;
  return [
    `## ${titleOf(summary)}`,
    ...warnings,
    drawMarkdownTable(wideTable(summary, result.comparison)),
    notes.join('\n'),
    ...(latency === undefined ? [] : latencySection(latency)),
  ];
}

function latencySection(latency: LatencySummary): string[] {
  const notes = latencyNotes(latency).map((note) => `- ${note}`);
  return [drawMarkdownTable(latencyTable(latency)), notes.join('\n')];
}

export function drawMarkdownTable(table: TextTable): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const rule = table.columns.map((column) => (column.align === 'right' ? '---:' : '---'));
  return [line(table.columns.map((column) => column.heading)), line(rule), ...table.rows.map(line)].join('\n');
}
