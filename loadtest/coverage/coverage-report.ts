import { drawTextTable } from '@tracelab/command';
import { formatNumber } from '../report/format.ts';
import type { Coverage, Truth } from './coverage.ts';
import type { Noise } from './noise.ts';

export interface DesignCoverage {
  /** Of a preset, or of real runs. */
  design: string;
  rows: Coverage[];
}

/** In the simulation: too narrow an interval claims what was not seen, too wide a one hides what was. */
const SHARE_MIN = 0.92;
const SHARE_MAX = 0.98;
/** On a machine there are too few runs for an upper bound: 7 of 10. */
const MACHINE_SHARE_MIN = 0.7;

export function holdsInSimulation({ held, runs }: Coverage): boolean {
  return held >= SHARE_MIN * runs && held <= SHARE_MAX * runs;
}

export function holdsOnMachine({ held, runs }: Coverage): boolean {
  return runs > 0 && held >= MACHINE_SHARE_MIN * runs;
}

export function renderCoverage(designs: readonly DesignCoverage[], target: string): string {
  const table = drawTextTable({
    columns: [
      { heading: 'design', align: 'left' },
      { heading: 'row', align: 'left' },
      { heading: 'truth µs', align: 'right' },
      { heading: 'runs', align: 'right' },
      { heading: 'interval held it', align: 'right' },
      { heading: 'interval ± µs', align: 'right' },
    ],
    rows: designs.flatMap(({ design, rows }) =>
      rows.map(({ row, truthUs, runs, held, reachUs }) => [
        design,
        row,
        formatNumber(truthUs),
        String(runs),
        `${held} (${formatNumber((held / runs) * 100)} %)`,
        formatNumber(reachUs),
      ]),
    ),
  });
  return `${table}\n\n${target}`;
}

export const SIMULATION_TARGET = `Target: ${SHARE_MIN * 100} to ${SHARE_MAX * 100} % of the runs in every row.`;
export const MACHINE_TARGET = `Target: at least ${MACHINE_SHARE_MIN * 10} of 10 runs in every row, the control row among them.`;

/** Why a row is held against more than what was burnt. */
export function describeTruth({ burntUs, costUs, restarts }: Truth): string {
  return `A burn of ${formatNumber(burntUs)} µs costs ${formatNumber(costUs.estimate)} µs [${formatNumber(costUs.low)}..${formatNumber(costUs.high)}]: what the same processes take more when it is switched on, over ${restarts} starts.`;
}

export function describeNoise(noise: Noise): string {
  const us = (value: number): string => `${formatNumber(value)} µs`;
  return `Noise of a request of ${us(noise.baselineUs)}: from start to start ${us(noise.restartUs)}, from round to round ${us(noise.roundUs)}, from block to block ${us(noise.blockUs)}; ${formatNumber(noise.stallChance * 100)} % of the blocks stalled, by ${us(noise.stallUs)} on average.`;
}
