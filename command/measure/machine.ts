import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';

/** What a measured figure belongs to. */
export interface Machine {
  cpuModel: string;
  cores: number;
  memoryBytes: number;
  platform: string;
  node: string;
  /** How the system chooses the CPU's frequency, as Linux says it; absent where nobody tells: elsewhere, and in most virtual machines. */
  governor?: string;
}

/** A machine just before something is measured on it. */
export interface MachineAtStart extends Machine {
  /** Of one minute: what else was going on. */
  loadAverageBefore: number;
}

export function describeMachineAtStart(): MachineAtStart {
  return { ...describeMachine(), loadAverageBefore: readLoadAverage() };
}

const GOVERNOR_FILE = '/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor';

export function describeMachine(): Machine {
  return {
    cpuModel: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    ...readGovernor(),
  };
}

function readGovernor(): { governor?: string } {
  try {
    return { governor: readFileSync(GOVERNOR_FILE, 'utf8').trim() };
  } catch {
    return {};
  }
}

/** Of the last minute; 0 on Windows, which has none. Near or above the number of cores: somebody else was working. */
export function readLoadAverage(): number {
  return loadavg()[0] ?? 0;
}
