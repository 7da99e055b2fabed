/** What a table says, before anybody decides how its lines are drawn. */
export interface TextTable {
  columns: readonly TextColumn[];
  rows: readonly (readonly string[])[];
}

export interface TextColumn {
  heading: string;
  align: 'left' | 'right';
}

/** What names a row stands on the left, and its figures on the right. */
export function figureColumns(first: string, ...figures: string[]): TextColumn[] {
  return [{ heading: first, align: 'left' }, ...figures.map((heading): TextColumn => ({ heading, align: 'right' }))];
}

const GAP = '  ';

/** For a terminal: columns aligned by blanks, below the headings a rule of this character, or none where it is empty. */
export function drawTextTable({ columns, rows }: TextTable, rule: string = '─'): string {
  const widths = columns.map(({ heading }, index) =>
    Math.max(heading.length, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ align }, index) => pad(cells[index] ?? '', widths[index] ?? 0, align))
      .join(GAP)
      .trimEnd();
  const headings = line(columns.map(({ heading }) => heading));
  const ruled = rule === '' ? [] : [widths.map((width) => rule.repeat(width)).join(GAP)];
  return [headings, ...ruled, ...rows.map(line)].join('\n');
}

function pad(text: string, width: number, align: TextColumn['align']): string {
  return align === 'right' ? text.padStart(width) : text.padEnd(width);
}
