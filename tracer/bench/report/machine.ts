import { availableParallelism, cpus, loadavg } from 'node:os';

export interface Machine {
  cpuModel: string;
  cores: number;
  platform: string;
  node: string;
  /** ISO 8601, UTC. */
  date: string;
  /** Of the last minute; 0 on Windows. Near or above the cores: somebody else was working. */
  loadAverage: number;
}

export function describeMachine(): Machine {
  return {
    cpuModel: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    date: new Date().toISOString(),
    loadAverage: loadavg()[0] ?? 0,
  };
}

export function machineLine({ cpuModel, cores, platform, node, date, loadAverage }: Machine): string {
  return `${cpuModel}, ${cores} cores, ${platform}, Node ${node}, ${date.slice(0, 10)}, load average ${loadAverage.toFixed(1)}`;
}
