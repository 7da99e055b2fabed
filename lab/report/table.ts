import { drawTextTable } from '@tracelab/command';

/** Rows as aligned text. Columns of figures, named by their heading, stand flush right. */
export function formatTable(
  heading: readonly string[],
  rows: readonly (readonly string[])[],
  rightAligned: readonly string[] = [],
): string {
  const columns = heading.map((title) => ({
    heading: title,
    align: rightAligned.includes(title) ? ('right' as const) : ('left' as const),
  }));
  return drawTextTable({ columns, rows }, '');
}

/** "61.4 MB": the unit that the lab's budget of 600 MB is counted in, 10^6 bytes. */
export function formatMegabytes(bytes: number | undefined): string {
  return bytes === undefined ? '-' : `${(bytes / 1e6).toFixed(1)} MB`;
}
