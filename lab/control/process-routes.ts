import { readProportionalBytes } from '@tracelab/command';
import type { ProcessReport, ServiceUsage } from '@tracelab/protocol';
import type { FastifyInstance } from 'fastify';
import { readLocalUsage } from './local-usage.ts';
import type { ControlPlane } from './plane.ts';
import type { ServiceLink } from './service-link.ts';
import { shareRounds } from './share-rounds.ts';

export interface ProcessesReply {
  processes: ProcessReport[];
}

export function registerProcessRoutes(server: FastifyInstance, plane: ControlPlane): void {
  // Reading ten processes is dear: many who ask at once share one reading.
  const read = shareRounds(() => readProcesses(plane));
  server.get('/_lab/processes', () => read());
}

async function readProcesses(plane: ControlPlane): Promise<ProcessesReply> {
  const { supervised } = plane.options;
  const rows = supervised === undefined ? describeFromAfar(plane) : supervised();
  return { processes: await Promise.all(rows.map((row) => completeRow(plane, row, supervised !== undefined))) };
}

/** Without a supervisor (compose) the control knows what it can reach. */
function describeFromAfar(plane: ControlPlane): ProcessReport[] {
  const rows: ProcessReport[] = [...plane.links.values()].map((link) => ({
    name: link.service,
    status: link.state === undefined ? 'unreachable' : 'ready',
    restarts: 0,
  }));
  if (plane.load !== undefined)
    rows.push({ name: 'load', status: plane.load.setting === undefined ? 'unreachable' : 'ready', restarts: 0 });
  return [...rows, { name: 'lab', status: 'ready', restarts: 0, pid: process.pid }];
}

/** What a service tells of itself is finer than what the system tells of it. */
async function completeRow(plane: ControlPlane, row: ProcessReport, areProcessesHere: boolean): Promise<ProcessReport> {
  const link = [...plane.links.values()].find((link) => link.service === row.name);
  const told = link === undefined || row.status !== 'ready' ? {} : await readUsageOf(link);
  // The process ids of another container mean nothing here.
  const pid = areProcessesHere || row.name === 'lab' ? row.pid : undefined;
  return { ...row, ...(pid === undefined ? {} : await readFromSystem(pid)), ...told };
}

async function readUsageOf(link: ServiceLink): Promise<Partial<ProcessReport>> {
  const answer = await link.call('GET', '/_lab/usage');
  if (!answer.reached || answer.status !== 200) return {};
  const { pid, cpuUs, residentBytes, requests, spansCreated, spansExported, spansDropped } =
    answer.body as ServiceUsage;
  return { pid, cpuUs, residentBytes, requests, spansCreated, spansExported, spansDropped };
}

async function readFromSystem(pid: number): Promise<Partial<ProcessReport>> {
  const proportionalBytes = await readProportionalBytes(pid);
  return { ...readLocalUsage(pid), ...(proportionalBytes === undefined ? {} : { proportionalBytes }) };
}
