import { drawTextTable } from '@tracelab/command';
import type { OverheadResult } from '../overhead/result.ts';
import { narrowTables } from './cells.ts';
import { completenessLine, machineLine, readingNotes, notesOf, titleOf, warningsOf } from './notes.ts';
import { latencyNotes, latencyTable } from './latency-cells.ts';
import { wrap } from './prose.ts';
import { summarize, type WorkloadSummary } from './summary.ts';
import { describeRatio } from './tracer-ratios.ts';

/** The report for people in front of a terminal: tables aligned, prose wrapped. `bold` is the identity where there are no colours. */
export function renderTerminal(result: OverheadResult, bold: (text: string) => string): string {
  const summaries = summarize(result);
  const incomplete = completenessLine(result);
  const parts = summaries.map((summary) => sectionOf(summary, result, bold));
  if (summaries.length === 0) parts.push('No round was completed: there is nothing to compare.');
  else
    parts.push(
      readingNotes(result.comparison)
        .map((note) => wrap(note, '  '))
        .join('\n'),
    );
  if (incomplete !== undefined) parts.unshift(bold(incomplete));
  parts.push(wrap(machineLine(result, summaries), ''));
  return parts.join('\n\n');
}

function sectionOf(summary: WorkloadSummary, result: OverheadResult, bold: (text: string) => string): string {
  const warnings = warningsOf(summary).map((warning) => bold(wrap(warning, '')));
  const notes = notesOf(summary, result).map((note) => wrap(note, '  '));
  return [
    bold(titleOf(summary)),
    ...warnings,
    '',
    narrowTables(summary, result.comparison)
      .map((table) => drawTextTable(table))
      .join('\n\n'),
    '',
    ...summary.ratios.map((ratio) => bold(wrap(describeRatio(ratio), '  '))),
    ...notes,
    ...latencyOf(summary),
  ].join('\n');
}

function latencyOf({ latency }: WorkloadSummary): string[] {
  if (latency === undefined) return [];
  return ['', drawTextTable(latencyTable(latency)), '', ...latencyNotes(latency).map((note) => wrap(note, '  '))];
}
