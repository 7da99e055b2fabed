import { bootstrapMean, createRandom, type Interval } from '@tracelab/model';
import { addedUsByRestart, completeRounds, cpuUsPerRequest } from '../overhead/paired-rounds.ts';
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

/** What a burn of a known length really costs: more than itself, since others wait for the one that burns. */
export interface Truth {
  burntUs: number;
  /** Of all restarts of all runs, the burn switched on and off in the same processes. */
  costUs: Interval;
  restarts: number;
}

/** One for each burn that was switched in saved real runs. */
export function truthsOf(results: readonly OverheadResult[]): Truth[] {
  const rounds = results.flatMap((result) => result.workloads.map(({ blocks }) => completeRounds(blocks)));
  const switched = (results[0]?.variants ?? []).filter(({ switchedUs }) => switchedUs !== undefined);
  const off = switched.find(({ switchedUs }) => switchedUs === 0);
  if (off === undefined) return [];
  return switched.flatMap(({ name, switchedUs = 0 }) => {
    if (switchedUs === 0) return [];
    const added = rounds.flatMap((restarts) => addedUsByRestart(restarts, { variant: name, baseline: off.name }));
    if (added.length === 0) return [];
    const { estimate, low, high } = bootstrapMean(
      added.map((us) => [us]),
      { random: createRandom(1) },
    );
    return [{ burntUs: switchedUs, costUs: { estimate, low, high }, restarts: added.length }];
  });
}

/** Saved real runs with known costs: each row whose truth is known, the control row among them. */
export function coverageOf(results: readonly OverheadResult[], truths: readonly Truth[]): Coverage[] {
  const costOf = (injectedUs: number): number =>
    truths.find(({ burntUs }) => burntUs === injectedUs)?.costUs.estimate ?? injectedUs;
  const rows = results.flatMap(summarize).flatMap(({ rows: ofRun }) => ofRun);
  const known = rows.flatMap(({ variant, difference, injectedUs }) => {
    const truthUs = variant === CONTROL ? 0 : injectedUs;
    return truthUs === undefined || difference === undefined
      ? []
      : [{ variant, truthUs: costOf(truthUs), interval: difference.addedUs }];
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
