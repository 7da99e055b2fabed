import { createRandom, type Interval } from '@tracelab/model';
import { completeRounds, cpuUsPerRequest } from '../overhead/paired-rounds.ts';
import type { OverheadResult } from '../overhead/result.ts';
import { BASELINE, CONTROL } from '../overhead/variant.ts';
import { compareWithBaseline } from '../report/paired-difference.ts';
import { summarize } from '../report/summary.ts';
import type { Noise } from './noise.ts';
import { simulatedVariants, simulateRun, type Design } from './simulate-run.ts';

/** In how many runs the 95 % interval of a row held what is true of it. */
export interface Coverage {
  /** What the row really costs more than the baseline; 0 in the control row. */
  truthUs: number;
  row: string;
  runs: number;
  held: number;
  /** Half the width of the interval, on average. */
  reachUs: number;
}

export interface Simulation {
  noise: Noise;
  design: Design;
  injectedUs: number;
  runs: number;
  seed: number;
}

/** Simulated runs through the code that computes every table. */
export function simulateCoverage({ noise, design, injectedUs, runs, seed }: Simulation): Coverage {
  const random = createRandom(seed);
  const variant = simulatedVariants(injectedUs).at(-1)?.name ?? '';
  const intervals = Array.from({ length: runs }, (_, run) => {
    const restarts = completeRounds(simulateRun(noise, design, injectedUs, random));
    return compareWithBaseline({ restarts, baseline: BASELINE, seed: run }, variant, cpuUsPerRequest);
  });
  return countHeld(variant, injectedUs, intervals);
}

/** Saved real runs with known costs: each row whose truth is known, the control row among them. */
export function coverageOf(results: readonly OverheadResult[]): Coverage[] {
  const rows = results.flatMap(summarize).flatMap(({ rows: ofRun }) => ofRun);
  const known = rows.flatMap(({ variant, difference, injectedUs }) => {
    const truthUs = variant === CONTROL ? 0 : injectedUs;
    return truthUs === undefined || difference === undefined
      ? []
      : [{ variant, truthUs, interval: difference.addedUs }];
  });
  return [...Map.groupBy(known, ({ variant }) => variant)].map(([variant, runs]) =>
    countHeld(
      variant,
      runs[0]?.truthUs ?? Number.NaN,
      runs.map(({ interval }) => interval),
    ),
  );
}

function countHeld(row: string, truthUs: number, intervals: readonly Interval[]): Coverage {
  const held = intervals.filter(({ low, high }) => low <= truthUs && truthUs <= high).length;
  const reachUs = intervals.reduce((sum, { low, high }) => sum + (high - low) / 2, 0) / intervals.length;
  return { row, truthUs, runs: intervals.length, held, reachUs };
}
