import { formatCounted } from '../report/format.ts';
import type { ForestChart } from '../report/page/chart-data.ts';
import { markup, type Markup } from '../report/page/markup.ts';
import { figureOf, listOf, pageHeader, tableOf, warningList } from '../report/page/parts.ts';
import { renderDocument } from '../report/page/render-document.ts';
import { formatInterval, formatSigned } from '../report/format.ts';
import { machineName, machineTable, pooledTables } from './pool-cells.ts';
import { machineLines, poolNotes, poolWarnings } from './pool-notes.ts';
import type { NamedRun } from '../overhead/save.ts';
import type { Pool, PooledRow, WorkloadPool } from './pool-runs.ts';

/** The pool as one HTML file that needs nothing else: a forest plot for each row. */
export function renderPoolPage(pool: Pool, runs: readonly NamedRun[]): string {
  const places = pool.workloads.flatMap((workload) => workload.rows.map((row) => ({ workload, row })));
  const forests = places.map(({ workload, row }) => forestOf(pool, workload, row));
  const title = 'What tracing costs on many machines';
  const body = markup`${pageHeader(title, `${formatCounted(pool.machines.length, 'machine')}, random effects`)}
<main>
${warningList(poolWarnings(pool, runs))}
${pool.workloads.map((workload) => sectionOf(pool, workload, places))}
<h2 class="workload">Machines</h2>
${listOf(machineLines(pool))}
</main>
<footer><h2>How to read it</h2>${listOf(poolNotes(pool))}</footer>`;
  return renderDocument(title, body, { workloads: [], forests });
}

function sectionOf(pool: Pool, workload: WorkloadPool, places: readonly { row: PooledRow }[]): Markup {
  const figures = workload.rows.map((row) =>
    figureOf(`forest-${places.findIndex((place) => place.row === row)}`, {
      title: row.variant,
      about: markup`Per cent of ${workload.baseline}, each machine with its 95 % interval; below them the pooled mean, and dashed where a further machine is to be expected. I² ${row.addedPercent.iSquaredPercent.toFixed(0)} %.`,
      alternative: `Added per cent of ${row.variant} by machine; pooled ${formatInterval(row.addedPercent, formatSigned)}.`,
    }),
  );
  const tables = workload.rows.map((row) =>
    tableOf(`Each machine: ${workload.workload}, ${row.variant}`, machineTable(row, pool, workload)),
  );
  return markup`<section class="workload">
<h2>${workload.workload}</h2>
<p class="path">${workload.path}</p>
${pooledTables(workload).map((table, index) => tableOf(`Pooled in ${index === 0 ? 'per cent' : 'microseconds'}: ${workload.workload}`, table))}
<div class="figures is-even">${figures}</div>
${tables}
</section>`;
}

function forestOf(pool: Pool, { noise }: WorkloadPool, row: PooledRow): ForestChart {
  const { estimate, low, high, prediction } = row.addedPercent;
  return {
    marks: [
      ...row.machines.map(({ machine, addedPercent }) => ({
        name: machineName(pool, machine, noise[machine]?.isTooNoisy ?? false),
        tone: 'control' as const,
        ...addedPercent,
        isSeen: true,
      })),
      {
        name: 'pooled',
        tone: row.isControl ? ('baseline' as const) : ('lab' as const),
        estimate,
        low,
        high,
        isSeen: true,
        ...(prediction === undefined ? {} : { outer: prediction }),
      },
    ],
  };
}
