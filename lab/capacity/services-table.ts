import { figureColumns, type TextTable } from '@tracelab/command';
import type { TrafficRow } from '@tracelab/model';
import { formatBytes, formatCount } from './format-units.ts';

/** The rest is one line: who makes the most is what a reader looks for. */
const ROWS_MAX = 20;

/** Who makes the spans, before any sampling, the most bytes first. Undefined where there is one row, which says nothing. */
export function servicesTable(rows: readonly TrafficRow[]): TextTable | undefined {
  if (rows.length < 2) return undefined;
  const made = rows.map((row) => ({ row, spans: row.requestsPerSecond * row.spansPerRequest }));
  const bytesOf = ({ row, spans }: (typeof made)[number]): number => spans * row.bytesPerSpan;
  const all = made.reduce((sum, each) => sum + bytesOf(each), 0);
  const sorted = made.toSorted((one, other) => bytesOf(other) - bytesOf(one));
  const rest = sorted.slice(ROWS_MAX);
  const line = (name: string, of: typeof made, peak: string): string[] => {
    const bytes = of.reduce((sum, each) => sum + bytesOf(each), 0);
    const spans = of.reduce((sum, each) => sum + each.spans, 0);
    return [name, formatCount(spans), `${formatBytes(bytes)}/s`, `${formatCount((bytes * 100) / all)} %`, peak];
  };
  return {
    columns: figureColumns('service', 'spans/s', 'bytes', 'share', 'peak factor'),
    rows: [
      ...sorted.slice(0, ROWS_MAX).map((each) => line(each.row.service, [each], formatCount(each.row.peakFactor))),
      ...(rest.length === 0 ? [] : [line(`${rest.length} more`, rest, '-')]),
    ],
  };
}
