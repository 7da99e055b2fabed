import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import type { Machine } from './result.ts';

/** The machine as the report describes it. Load averages are 0 on Windows, which has none. */
export function describeMachine(): Machine {
  const loadAverage = loadavg()[0] ?? 0;
  return {
    cpuModel: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    loadAverageBefore: loadAverage,
    loadAverageAfter: loadAverage,
  };
}

export function withLoadAverageNow(machine: Machine): Machine {
  return { ...machine, loadAverageAfter: loadavg()[0] ?? 0 };
}
