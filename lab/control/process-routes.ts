import { readProportionalBytes } from '@tracelab/command';
import type { ProcessReport, ServiceUsage } from '@tracelab/protocol';
import type { FastifyInstance } from 'fastify';
import type { ControlPlane } from './plane.ts';
import { readResidentBytes } from './resident-memory.ts';
import type { ServiceLink } from './service-link.ts';

export interface ProcessesReply {
  processes: ProcessReport[];
}

export function registerProcessRoutes(server: FastifyInstance, plane: ControlPlane): void {
  server.get('/_lab/processes', async (): Promise<ProcessesReply> => {
    const { supervised } = plane.options;
    const rows = supervised === undefined ? describeFromAfar(plane) : supervised();
    return { processes: await Promise.all(rows.map((row) => completeRow(plane, row, supervised !== undefined))) };
  });
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

async function completeRow(plane: ControlPlane, row: ProcessReport, areProcessesHere: boolean): Promise<ProcessReport> {
  const link = [...plane.links.values()].find((link) => link.service === row.name);
  const usage = link === undefined || row.status !== 'ready' ? {} : await readUsageOf(link);
  const reported = { ...row, ...usage };
  // The process ids of another container mean nothing here.
  const pid = areProcessesHere || row.name === 'lab' ? reported.pid : undefined;
  return pid === undefined ? reported : { ...reported, ...(await readMemory(pid)) };
}

async function readUsageOf(link: ServiceLink): Promise<Partial<ProcessReport>> {
  const answer = await link.call('GET', '/_lab/usage');
  if (!answer.reached || answer.status !== 200) return {};
  const { pid, cpuUs, residentBytes, requests, spansCreated } = answer.body as ServiceUsage;
  return { pid, cpuUs, residentBytes, requests, spansCreated };
}

async function readMemory(pid: number): Promise<Partial<ProcessReport>> {
  const [proportionalBytes, residentBytes] = await Promise.all([readProportionalBytes(pid), readResidentBytes(pid)]);
  return {
    ...(proportionalBytes === undefined ? {} : { proportionalBytes }),
    ...(residentBytes === undefined ? {} : { residentBytes }),
  };
}
