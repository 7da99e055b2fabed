/** Cells as text; the first column is aligned to the left, all others to the right. */
export interface TextTable {
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
  table: TextTable;
  notes: readonly string[];
}): string {
  return [title, '', drawTable(table), '', ...notes.map((note) => `  ${note}`)].join('\n');
}

const GAP = '  ';

function drawTable({ headings, rows }: TextTable): string {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    widths
      .map((width, column) => {
        const cell = cells[column] ?? '';
        return column === 0 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join(GAP)
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width)).join(GAP);
  return [line(headings), rule, ...rows.map(line)].join('\n');
}
