import { readdirSync, readFileSync } from 'node:fs';

/** CPU of any process, read again and again. */
export interface CpuMeter {
  /** User and system time in microseconds; only differences mean anything. Undefined where there is no such process (any more). */
  readUs: () => number | undefined;
}

/**
 * Reads the scheduler's own account of each thread, which knows nanoseconds where /proc/PID/stat knows ticks of 10 ms. It
 * forgets a thread that ended; the meter remembers what it had, so that only its last moments are lost. Linux only.
 */
export function createCpuMeter(pid: number): CpuMeter {
  const usByThread = new Map<string, number>();
  return {
    readUs: () => {
      const threads = threadsOf(pid);
      if (threads.length === 0) return undefined;
      for (const thread of threads) {
        const us = readThreadUs(pid, thread);
        if (us !== undefined) usByThread.set(thread, us);
      }
      return [...usByThread.values()].reduce((sum, us) => sum + us, 0);
    },
  };
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

/** Undefined for a thread that ended since its name was read. */
function readThreadUs(pid: number, thread: string): number | undefined {
  try {
    const [onCpuNs] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1').split(' ');
    return Number(onCpuNs) / 1000;
  } catch {
    return undefined;
  }
}
