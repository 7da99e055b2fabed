import { readProcessStat, US_PER_TICK } from '@tracelab/command';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** A process as the operating system tells it. */
export interface ProcessRow {
  pid: number;
  parentPid: number;
  /** The process group where the system does not tell the session (macOS). */
  sessionId: number;
  /** Tells a process from a later one of the same id; in whatever unit the system has. */
  startedAt: string;
  /** Not one that ended and that nobody has waited for. */
  isRunning: boolean;
  /** User and system time, in steps of 10 ms. */
  cpuUs: number;
  /** Of children that ended and were waited for, theirs included; 0 where the system does not tell (macOS). */
  reapedCpuUs: number;
}

/** Whether this system tells what processes there are, and what they used. */
export const TELLS_PROCESSES: boolean = process.platform === 'linux' || process.platform === 'darwin';

/** All processes that this user can see. */
export function readProcesses(): ProcessRow[] {
  return process.platform === 'linux' ? readProc() : parsePs(execFileSync('ps', PS_ARGUMENTS, { encoding: 'utf8' }));
}

function readProc(): ProcessRow[] {
  return readdirSync('/proc').flatMap((name) => {
    const pid = Number(name);
    const stat = Number.isInteger(pid) ? readProcessStat(pid) : undefined;
    if (stat === undefined) return [];
    return {
      pid,
      parentPid: stat.parentPid,
      sessionId: stat.sessionId,
      startedAt: stat.startTicks,
      isRunning: stat.state !== 'Z' && stat.state !== 'X',
      cpuUs: stat.cpuTicks * US_PER_TICK,
      reapedCpuUs: stat.reapedCpuTicks * US_PER_TICK,
    };
  });
}

/** Whether a process was started with this text in its environment; false where the system does not tell (macOS, other users). */
export function hasInEnvironment(pid: number, text: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(text);
  } catch {
    return false;
  }
}

const PS_ARGUMENTS = ['-axo', 'pid=,ppid=,pgid=,stat=,time=,lstart='];

/** `  501   1   501 Ss   1:02.50 Sat Nov 28 15:00:00 2026`: minutes, seconds and their hundredths. */
export function parsePs(text: string): ProcessRow[] {
  return text.split('\n').flatMap((line) => {
    const [, pid, parentPid, groupId, state = '', time = '', startedAt = ''] =
      /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+([\d:.-]+)\s+(.+?)\s*$/.exec(line) ?? [];
    if (pid === undefined) return [];
    return {
      pid: Number(pid),
      parentPid: Number(parentPid),
      sessionId: Number(groupId),
      startedAt,
      isRunning: !state.startsWith('Z'),
      cpuUs: parseTimeUs(time),
      reapedCpuUs: 0,
    };
  });
}

/** `1:02.50`, `26:01:02.50`, or with days as `1-02:01:02.50`. */
function parseTimeUs(time: string): number {
  const [clock = '', days = '0'] = time.split('-').toReversed();
  const seconds = clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return Math.round((Number(days) * 86_400 + seconds) * 1_000_000);
}
