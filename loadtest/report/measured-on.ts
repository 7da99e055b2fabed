import type { Machine } from '@tracelab/command';

/** "AMD EPYC, 2 cores, linux x64, Node v24.21.0; 2026-11-28T17:00:00.000Z": what every figure belongs to. */
export function measuredOn({ machine, startedAt }: { machine: Machine; startedAt: string }): string {
  return `${machine.cpuModel}, ${machine.cores} cores, ${machine.platform}, Node ${machine.node}; ${startedAt}`;
}

/** The same with how busy the machine was, and the seed: the last line of a report. */
export function runLine(result: {
  machine: Machine & { loadAverageBefore: number; loadAverageAfter: number };
  startedAt: string;
  seed: number;
}): string {
  const { machine, seed } = result;
  return `${measuredOn(result)}; load average ${machine.loadAverageBefore.toFixed(2)} before, ${machine.loadAverageAfter.toFixed(2)} after; seed ${seed}`;
}
