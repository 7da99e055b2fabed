import { DAPPER_TABLE_2 } from '../overhead/dapper.ts';
import { formatCount, formatInterval, formatNumber, formatSigned } from './format.ts';
import type { Row, TraceCount, WorkloadSummary } from './summary.ts';
import { formatAdded } from './verdict.ts';

/** The table as text, before anybody decides how its lines are drawn. */
export interface TextTable {
  columns: readonly { heading: string; align: 'left' | 'right' }[];
  rows: string[][];
}

/** Not measured, or not meaningful in this row. */
const NONE = '-';

const COLUMNS: readonly { heading: string; align: 'left' | 'right'; cell: (row: Row) => string }[] = [
  { heading: 'variant', align: 'left', cell: (row) => row.variant },
  { heading: 'CPU µs/request [95 %]', align: 'right', cell: (row) => formatInterval(row.cpuUsPerRequest) },
  {
    heading: 'added µs [95 %]',
    align: 'right',
    cell: (row) => (row.difference === undefined ? NONE : formatAdded(row.difference.addedUs)),
  },
  { heading: 'added', align: 'right', cell: (row) => percent(row.difference?.addedPercent) },
  {
    heading: 'throughput % [95 %]',
    align: 'right',
    cell: (row) =>
      row.difference === undefined ? NONE : formatInterval(row.difference.throughputPercent, formatSigned),
  },
  {
    heading: 'traces kept / expected',
    align: 'right',
    cell: (row) => (row.traces === undefined ? NONE : formatTraces(row.traces)),
  },
  { heading: 'verdict', align: 'left', cell: (row) => row.verdict },
  { heading: 'Dapper: latency', align: 'right', cell: (row) => theirs(DAPPER_TABLE_2[row.variant]?.latencyPercent) },
  {
    heading: 'Dapper: throughput',
    align: 'right',
    cell: (row) => theirs(DAPPER_TABLE_2[row.variant]?.throughputPercent),
  },
];

export function tableOf(summary: WorkloadSummary): TextTable {
  return { columns: COLUMNS, rows: summary.rows.map((row) => COLUMNS.map((column) => column.cell(row))) };
}

function percent(value: number | undefined): string {
  return value === undefined ? NONE : `${formatSigned(value)} %`;
}

/** Dapper's figures as printed, with two decimals. */
function theirs(value: number | undefined): string {
  return value === undefined ? NONE : `${value > 0 ? '+' : ''}${value.toFixed(2)} %`;
}

function formatTraces(traces: TraceCount): string {
  const expected = traces.requests * traces.ratio;
  const text = `${formatCount(traces.kept)} / ${expected < 100 ? formatNumber(expected) : formatCount(expected)}`;
  return traces.isWithinBounds ? text : `${text} (!)`;
}
