import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';

/** What a measured figure belongs to. */
export interface Machine {
  cpuModel: string;
  cores: number;
  memoryBytes: number;
  platform: string;
  node: string;
}

export function describeMachine(): Machine {
  return {
    cpuModel: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
  };
}

/** Of the last minute; 0 on Windows, which has none. Near or above the number of cores: somebody else was working. */
export function readLoadAverage(): number {
  return loadavg()[0] ?? 0;
}
