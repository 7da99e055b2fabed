/** Rows as aligned text. Columns of figures, named by their heading, stand flush right. */
export function formatTable(
  heading: readonly string[],
  rows: readonly (readonly string[])[],
  rightAligned: readonly string[] = [],
): string {
  const widths = heading.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    heading
      .map((title, column) => {
        const cell = cells[column] ?? '';
        return rightAligned.includes(title) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0);
      })
      .join('  ')
      .trimEnd();
  return [heading, ...rows].map(line).join('\n');
}

/** "61.4 MB": the unit that the lab's budget of 600 MB is counted in, 10^6 bytes. */
export function formatMegabytes(bytes: number | undefined): string {
  return bytes === undefined ? '-' : `${(bytes / 1e6).toFixed(1)} MB`;
}
