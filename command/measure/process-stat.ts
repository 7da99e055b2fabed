import { readFileSync } from 'node:fs';

/** What /proc/PID/stat tells (proc(5)); times in clock ticks. */
export interface ProcessStat {
  command: string;
  /** One letter; Z is a process that ended and that nobody has reaped. */
  state: string;
  parentPid: number;
  sessionId: number;
  cpuTicks: number;
  /** Of children that ended and were waited for, theirs included. */
  reapedCpuTicks: number;
  /** Since the machine started: tells a process from a later one with its id. */
  startTicks: string;
}

/** The kernel shows programs 100 ticks a second on every machine that Node runs on (USER_HZ), whatever it counts in itself. */
export const US_PER_TICK = 10_000;

/** Undefined where there is no such process, and where the system does not tell: Linux only. */
export function readProcessStat(pid: number): ProcessStat | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // Field 2, the command in parentheses, may hold blanks and parentheses itself: the others are counted from its end.
    const end = stat.lastIndexOf(')');
    const fields = stat.slice(end + 2).split(' ');
    return {
      command: stat.slice(stat.indexOf('(') + 1, end),
      state: fields[0] ?? '',
      parentPid: Number(fields[1]),
      sessionId: Number(fields[3]),
      cpuTicks: Number(fields[11]) + Number(fields[12]),
      reapedCpuTicks: Number(fields[13]) + Number(fields[14]),
      startTicks: fields[19] ?? '',
    };
  } catch {
    return undefined;
  }
}

/** Whether the process runs. One that was killed and not reaped still answers signal 0, so on Linux its state decides. */
export function isProcessAlive(pid: number): boolean {
  if (process.platform === 'linux') {
    const state = readProcessStat(pid)?.state;
    return state !== undefined && state !== 'Z' && state !== 'X';
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
