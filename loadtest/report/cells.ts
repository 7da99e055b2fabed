import type { TextTable } from '@tracelab/command';
import { DAPPER_TABLE_2 } from '../overhead/dapper.ts';
import type { ComparisonName } from '../overhead/variant.ts';
import { formatCount, formatExpected, formatInterval, formatNumber, formatSigned } from './format.ts';
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
const MDE: Column = {
  heading: 'MDE µs',
  align: 'right',
  cell: ({ minimumDetectableUs: us }) => (us === undefined || !Number.isFinite(us) ? NONE : formatNumber(us)),
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
const BYTES: Column = {
  heading: 'bytes a span',
  align: 'right',
  cell: ({ traces }) => (traces?.bytesPerSpan === undefined ? NONE : formatCount(traces.bytesPerSpan)),
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

interface ColumnSets {
  /** Everything in one table: a page has the width. */
  wide: readonly Column[];
  /** The same in two that a terminal holds side to side: what it costs, and what else it does. */
  narrow: readonly (readonly Column[])[];
}

const COST = [VARIANT, CPU, ADDED_US, ADDED_PERCENT, MDE] as const;

const COLUMNS: Readonly<Record<ComparisonName, ColumnSets>> = {
  rates: {
    wide: [...COST, THROUGHPUT, TRACES, BYTES, VERDICT, DAPPER_LATENCY, DAPPER_THROUGHPUT],
    narrow: [
      [...COST, VERDICT],
      [VARIANT, THROUGHPUT, DAPPER_THROUGHPUT, DAPPER_LATENCY, TRACES, BYTES],
    ],
  },
  tracers: {
    wide: [...COST, THROUGHPUT, TRACES, REQUESTS, SPANS, BYTES, VERDICT],
    narrow: [
      [...COST, VERDICT],
      [VARIANT, REQUESTS, THROUGHPUT, TRACES, SPANS, BYTES],
    ],
  },
  service: {
    wide: [...COST, THROUGHPUT, REQUESTS, TRACES, SPANS, BYTES, VERDICT],
    narrow: [
      [...COST, VERDICT],
      [VARIANT, REQUESTS, THROUGHPUT, TRACES, SPANS, BYTES],
    ],
  },
};

export function wideTable(summary: WorkloadSummary, comparison: ComparisonName): TextTable {
  return tableOf(summary, COLUMNS[comparison].wide);
}

export function narrowTables(summary: WorkloadSummary, comparison: ComparisonName): TextTable[] {
  return COLUMNS[comparison].narrow.map((columns) => tableOf(summary, columns));
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
  const text = `${formatCount(traces.kept)} / ${formatExpected(traces.requests * traces.ratio)}`;
  return traces.isWithinBounds ? text : `${text} (!)`;
}
