import { drawTextTable } from '@tracelab/command';

/** Names in the first column, figures in all others. */
export interface ReportTable {
  headings: readonly string[];
  rows: readonly (readonly string[])[];
}

/** A section of the report for people. */
export function drawReport({
  title,
  table,
  notes,
}: {
  title: string;
  table: ReportTable;
  notes: readonly string[];
}): string {
  const columns = table.headings.map((heading, index) => ({
    heading,
    align: index === 0 ? ('left' as const) : ('right' as const),
  }));
  const text = drawTextTable({ columns, rows: table.rows });
  return [title, '', text, '', ...notes.map((note) => `  ${note}`)].join('\n');
}
