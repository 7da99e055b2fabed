import type { Machine } from '@tracelab/command';

/** "AMD EPYC, 2 cores, linux x64, Node v24.21.0; 2026-11-28T17:00:00.000Z": what every figure belongs to. */
export function measuredOn({ machine, startedAt }: { machine: Machine; startedAt: string }): string {
  return `${machine.cpuModel}, ${machine.cores} cores, ${machine.platform}, Node ${machine.node}; ${startedAt}`;
}
