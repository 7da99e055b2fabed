import { defineVerb, NotHeldError } from '@tracelab/command';
import type { AnyProgram } from '@tracelab/command';
import type { ProcessReport } from '@tracelab/protocol';
import { askControl } from '../control-client.ts';
import type { ProcessesReply } from '../control/process-routes.ts';
import { formatMegabytes, formatTable } from '../report/table.ts';

export const processes: AnyProgram = defineVerb({
  name: 'processes',
  summary: 'Lists the processes of the running lab with what they have used since they started.',
  settings: {},
  run: async ({ output }) => {
    const reply = await askForProcesses();
    const numbers = ['restarts', 'pid', 'CPU', 'requests', 'spans', 'exported', 'dropped', 'memory'];
    const heading = ['name', 'status', ...numbers];
    output.result(reply, formatTable(heading, reply.processes.map(describeProcess), numbers));
  },
});

export const memory: AnyProgram = defineVerb({
  name: 'memory',
  summary:
    'Prints the memory of the running lab: proportional (Pss: shared pages divided among their users) and resident.',
  settings: {},
  run: async ({ output }) => {
    const report = sumMemory((await askForProcesses()).processes);
    const rows = report.processes.map((row) => [
      row.name,
      formatMegabytes(row.proportionalBytes),
      formatMegabytes(row.residentBytes),
    ]);
    rows.push(['sum', formatMegabytes(report.proportionalBytes), formatMegabytes(report.residentBytes)]);
    output.result(report, formatTable(['name', 'Pss', 'RSS'], rows, ['Pss', 'RSS']));
  },
});

interface MemoryReport {
  processes: { name: string; proportionalBytes: number; residentBytes: number }[];
  proportionalBytes: number;
  residentBytes: number;
}

/** A process without figures would make the sum look better than it is, so then there is no sum. */
function sumMemory(reports: readonly ProcessReport[]): MemoryReport {
  const rows = reports
    .filter((row) => row.pid !== undefined)
    .map(({ name, proportionalBytes, residentBytes }) => {
      if (proportionalBytes === undefined || residentBytes === undefined)
        throw new NotHeldError(
          `the proportional memory of ${name} cannot be read: this needs a lab that 'npm start' started on Linux`,
        );
      return { name, proportionalBytes, residentBytes };
    });
  const sum = (pick: (row: MemoryReport['processes'][number]) => number): number =>
    rows.reduce((total, row) => total + pick(row), 0);
  return {
    processes: rows,
    proportionalBytes: sum((row) => row.proportionalBytes),
    residentBytes: sum((row) => row.residentBytes),
  };
}

async function askForProcesses(): Promise<ProcessesReply> {
  return askControl<ProcessesReply>('GET', '/_lab/processes', 'processes');
}

function describeProcess(row: ProcessReport): string[] {
  const cpu = row.cpuUs === undefined ? '-' : `${(row.cpuUs / 1e6).toFixed(2)} s`;
  return [
    row.name,
    row.status,
    String(row.restarts),
    String(row.pid ?? '-'),
    cpu,
    String(row.requests ?? '-'),
    String(row.spansCreated ?? '-'),
    String(row.spansExported ?? '-'),
    String(row.spansDropped ?? '-'),
    formatMegabytes(row.proportionalBytes ?? row.residentBytes),
  ];
}
