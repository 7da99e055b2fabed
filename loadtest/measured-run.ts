import { describeMachineAtStart, readLoadAverage, type MachineAtStart } from '@tracelab/command';

/** What every saved measurement says of its run. */
interface RunFacts {
  startedAt: string;
  durationMs: number;
  /** False where the run was ended early: what was measured until then is there. */
  complete: boolean;
  seed: number;
  machine: MachineAtStart & { loadAverageAfter: number };
}

/** A result, and why it is not the whole one; undefined where it is, or where the end was asked for. */
export interface Measured<Saved> {
  result: Saved;
  failure?: unknown;
}

export function describeRunAtStart(seed: number): RunFacts {
  const machine = describeMachineAtStart();
  return {
    startedAt: new Date().toISOString(),
    durationMs: 0,
    complete: false,
    seed,
    machine: { ...machine, loadAverageAfter: machine.loadAverageBefore },
  };
}

/** Measures into the result. A failure ends the run, not what it has measured. */
export async function keepMeasured<Saved extends RunFacts>(
  result: Saved,
  signal: AbortSignal,
  measure: () => Promise<void>,
): Promise<Measured<Saved>> {
  const startedMs = performance.now();
  let failure: unknown;
  try {
    await measure();
  } catch (error) {
    failure = error;
  }
  result.complete = failure === undefined && !signal.aborted;
  result.durationMs = Math.round(performance.now() - startedMs);
  result.machine.loadAverageAfter = readLoadAverage();
  return { result, ...(failure === undefined ? {} : { failure }) };
}
