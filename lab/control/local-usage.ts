import { readFile } from 'node:fs/promises';
import { readProcessStat, US_PER_TICK } from '@tracelab/command';

export interface LocalUsage {
  residentBytes: number;
  cpuUs: number;
}

/** What a process of this machine uses, as seen from outside. Undefined where the system does not tell: Linux only. */
export async function readLocalUsage(pid: number): Promise<LocalUsage | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'latin1').catch(() => '');
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  const stat = readProcessStat(pid);
  if (kibibytes === undefined || stat === undefined) return undefined;
  return { residentBytes: Number(kibibytes) * 1024, cpuUs: stat.cpuTicks * US_PER_TICK };
}
