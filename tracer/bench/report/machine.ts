import { describeMachine, readLoadAverage, type Machine } from '@tracelab/command';

/** What the figures of a run belong to. */
export interface RunMachine extends Machine {
  /** ISO 8601, UTC. */
  date: string;
  loadAverage: number;
}

export function machineOfRun(): RunMachine {
  return { ...describeMachine(), date: new Date().toISOString(), loadAverage: readLoadAverage() };
}

export function machineLine({ cpuModel, cores, platform, node, date, loadAverage }: RunMachine): string {
  return `${cpuModel}, ${cores} cores, ${platform}, Node ${node}, ${date.slice(0, 10)}, load average ${loadAverage.toFixed(1)}`;
}
