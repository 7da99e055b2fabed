import { readProcessStat, readResidentBytes, US_PER_TICK } from '@tracelab/command';

export interface LocalUsage {
  residentBytes: number;
  cpuUs: number;
}

/** What a process of this machine uses, as seen from outside. Undefined where the system does not tell: Linux only. */
export function readLocalUsage(pid: number): LocalUsage | undefined {
  const residentBytes = readResidentBytes(pid);
  const stat = readProcessStat(pid);
  if (residentBytes === undefined || stat === undefined) return undefined;
  return { residentBytes, cpuUs: stat.cpuTicks * US_PER_TICK };
}
