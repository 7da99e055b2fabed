import { readFile } from 'node:fs/promises';

export interface LocalUsage {
  residentBytes: number;
  cpuUs: number;
}

/** The unit of times in /proc, the same on every Linux that Node runs on (USER_HZ). */
const US_PER_TICK = 10_000;

/** What a process of this machine uses, as seen from outside. Undefined where the system does not tell: Linux only. */
export async function readLocalUsage(pid: number): Promise<LocalUsage | undefined> {
  const [status, stat] = await Promise.all([readProc(pid, 'status'), readProc(pid, 'stat')]);
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  // Fields 14 and 15 of proc(5); the command, field 2, may hold blanks, so count from its closing parenthesis.
  const [userTicks, systemTicks] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13);
  if (kibibytes === undefined || userTicks === undefined || systemTicks === undefined) return undefined;
  return { residentBytes: Number(kibibytes) * 1024, cpuUs: (Number(userTicks) + Number(systemTicks)) * US_PER_TICK };
}

function readProc(pid: number, name: string): Promise<string> {
  return readFile(`/proc/${pid}/${name}`, 'latin1').catch(() => '');
}
