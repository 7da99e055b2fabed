import { figureColumns, type TextTable } from '@tracelab/command';
import { formatInterval, formatNumber, formatSigned } from '../report/format.ts';
import { drawForest } from './forest.ts';
import type { Pool, PooledFigure, PooledRow, WorkloadPool } from './pool-runs.ts';

const NONE = '-';

/** One line for each variant: in per cent, and in microseconds. */
export function pooledTables(workload: WorkloadPool): TextTable[] {
  return [
    pooledTable(workload, '%', ({ addedPercent }) => addedPercent),
    pooledTable(workload, 'µs', ({ addedUs }) => addedUs),
  ];
}

function pooledTable({ rows }: WorkloadPool, unit: '%' | 'µs', figureOf: (row: PooledRow) => PooledFigure): TextTable {
  const headings = ['machines', `added ${unit} [95 %]`, `a further machine ${unit}`, `tau ${unit}`, 'I²'];
  return {
    columns: figureColumns('variant', ...headings),
    rows: rows.map((row) => {
      const { prediction, tau, iSquaredPercent, ...interval } = figureOf(row);
      const further =
        prediction === undefined ? NONE : `${formatSigned(prediction.low)}..${formatSigned(prediction.high)}`;
      return [
        row.variant,
        String(row.machines.length),
        formatInterval(interval, formatSigned),
        further,
        formatNumber(tau),
        `${iSquaredPercent.toFixed(0)} %`,
      ];
    }),
  };
}

/** Each machine's own figures of one variant, and the pooled one below. */
export function machineTable(row: PooledRow, pool: Pool, { noise }: WorkloadPool): TextTable {
  return {
    columns: figureColumns(row.variant, 'restarts', 'weight %', 'added µs [95 %]', 'added % [95 %]'),
    rows: [
      ...row.machines.map((own) => [
        machineName(pool, own.machine, noise[own.machine]?.isTooNoisy ?? false),
        String(own.restarts),
        formatNumber(own.weightPercent),
        formatInterval(own.addedUs, formatSigned),
        formatInterval(own.addedPercent, formatSigned),
      ]),
      ['pooled', NONE, NONE, formatInterval(row.addedUs, formatSigned), formatInterval(row.addedPercent, formatSigned)],
    ],
  };
}

/** The same with a picture of the per cent, for a terminal: other pages collapse blanks. */
export function pictured(row: PooledRow, { columns, rows }: TextTable): TextTable {
  const pictures = drawForest([...row.machines.map(({ addedPercent }) => addedPercent), row.addedPercent]);
  return {
    columns: [...columns, { heading: 'per cent (│ is 0)', align: 'left' }],
    rows: rows.map((cells, index) => [...cells, pictures[index] ?? '']),
  };
}

/** "3 Apple M2 (too noisy)": the number is that of the list of machines. */
export function machineName({ machines }: Pool, index: number, isTooNoisy: boolean): string {
  return `${index + 1} ${machines[index]?.machine.cpuModel ?? ''}${isTooNoisy ? ' (too noisy)' : ''}`;
}
