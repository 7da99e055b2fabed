import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

/** CPU (user and system) since the process started, and resident memory now. */
export function readUsage(): { cpuUs: number; residentBytes: number } {
  const cpu = process.cpuUsage();
  return { cpuUs: cpu.user + cpu.system, residentBytes: process.memoryUsage.rss() };
}

/** Memory with shared pages divided among their users (Pss), so that a sum over processes is honest. Undefined where the system does not tell: Linux only. */
export async function readProportionalBytes(pid: number): Promise<number | undefined> {
  try {
    const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'latin1');
    const kibibytes = /^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1];
    return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
  } catch {
    return undefined;
  }
}

/** Resident memory of any process. Undefined where there is none, and where the system does not tell: Linux only. */
export function readResidentBytes(pid: number): number | undefined {
  try {
    const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
    return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
  } catch {
    return undefined;
  }
}
