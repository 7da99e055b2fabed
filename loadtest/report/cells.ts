import type { TextTable } from '@tracelab/command';
import { DAPPER_TABLE_2 } from '../overhead/dapper.ts';
import type { ComparisonName } from '../overhead/variant.ts';
import { formatCount, formatInterval, formatNumber, formatSigned } from './format.ts';
import type { Row, TraceCount, WorkloadSummary } from './summary.ts';
import { formatAdded } from './verdict.ts';

/** Not measured, or not meaningful in this row. */
const NONE = '-';

interface Column {
  heading: string;
  align: 'left' | 'right';
  cell: (row: Row) => string;
}

const VARIANT: Column = { heading: 'variant', align: 'left', cell: (row) => row.variant };
const CPU: Column = {
  heading: 'CPU µs/request [95 %]',
  align: 'right',
  cell: (row) => formatInterval(row.cpuUsPerRequest),
};
const ADDED_US: Column = {
  heading: 'added µs [95 %]',
  align: 'right',
  cell: (row) => (row.difference === undefined ? NONE : formatAdded(row.difference.addedUs)),
};
const ADDED_PERCENT: Column = {
  heading: 'added',
  align: 'right',
  cell: (row) => percent(row.difference?.addedPercent),
};
const VERDICT: Column = { heading: 'verdict', align: 'left', cell: (row) => row.verdict };
const THROUGHPUT: Column = {
  heading: 'throughput % [95 %]',
  align: 'right',
  cell: (row) => (row.difference === undefined ? NONE : formatInterval(row.difference.throughputPercent, formatSigned)),
};
const REQUESTS: Column = {
  heading: 'requests/s',
  align: 'right',
  cell: (row) => formatCount(row.requestsPerSecond),
};
const TRACES: Column = {
  heading: 'traces kept / expected',
  align: 'right',
  cell: (row) => (row.traces === undefined ? NONE : formatTraces(row.traces)),
};
const SPANS: Column = {
  heading: 'spans a trace',
  align: 'right',
  cell: ({ traces }) => (traces === undefined || traces.kept === 0 ? NONE : formatNumber(traces.spans / traces.kept)),
};
const DAPPER_LATENCY: Column = {
  heading: "Dapper's latency",
  align: 'right',
  cell: (row) => theirs(DAPPER_TABLE_2[row.variant]?.latencyPercent),
};
const DAPPER_THROUGHPUT: Column = {
  heading: "Dapper's throughput",
  align: 'right',
  cell: (row) => theirs(DAPPER_TABLE_2[row.variant]?.throughputPercent),
};

/** Everything in one table: a page has the width. */
export function wideTable(summary: WorkloadSummary, comparison: ComparisonName): TextTable {
  const ours = [VARIANT, CPU, ADDED_US, ADDED_PERCENT, THROUGHPUT, TRACES];
  return tableOf(
    summary,
    comparison === 'rates'
      ? [...ours, VERDICT, DAPPER_LATENCY, DAPPER_THROUGHPUT]
      : [...ours, REQUESTS, SPANS, VERDICT],
  );
}

/** The same columns in two tables that a terminal holds side to side: what it costs, and what else it does. */
export function narrowTables(summary: WorkloadSummary, comparison: ComparisonName): TextTable[] {
  const cost = [VARIANT, CPU, ADDED_US, ADDED_PERCENT, VERDICT];
  const effects =
    comparison === 'rates'
      ? [VARIANT, THROUGHPUT, DAPPER_THROUGHPUT, DAPPER_LATENCY, TRACES]
      : [VARIANT, REQUESTS, THROUGHPUT, TRACES, SPANS];
  return [tableOf(summary, cost), tableOf(summary, effects)];
}

function tableOf(summary: WorkloadSummary, columns: readonly Column[]): TextTable {
  return { columns, rows: summary.rows.map((row) => columns.map((column) => column.cell(row))) };
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
