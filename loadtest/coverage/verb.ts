import { defineVerb, ExitCode, setting, UsageError, type Output, type Shutdown } from '@tracelab/command';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DEFAULT_REGIME } from '../overhead/measure-settings.ts';
import { PRESETS, withTimeFor } from '../overhead/plan.ts';
import type { OverheadResult } from '../overhead/result.ts';
import { runOverhead } from '../overhead/run.ts';
import { readResult, saveResult } from '../overhead/save.ts';
import { injectedVariant, switchedVariants, UNTRACED_VARIANTS, type Variant } from '../overhead/variant.ts';
import { WORKLOADS } from '../overhead/workload.ts';
import { resultFolder } from '../result-file.ts';
import {
  describeNoise,
  describeTruth,
  holdsInSimulation,
  holdsOnMachine,
  MACHINE_TARGET,
  renderCoverage,
  SIMULATION_TARGET,
  type DesignCoverage,
} from './coverage-report.ts';
import { coverageOf, simulateCoverage, truthsOf } from './coverage.ts';
import { fitNoise } from './fit-noise.ts';
import { FITTED_NOISE } from './fitted-noise.ts';
import type { Noise } from './noise.ts';
import type { Design } from './simulate-run.ts';

/** The known costs of the issue that asked for the proof. */
const SIMULATED_COSTS_US = [0, 3, 10, 50] as const;
const MACHINE_COST_US = 50;
const MACHINE_VARIANTS: readonly Variant[] = [
  ...UNTRACED_VARIANTS,
  injectedVariant(0),
  injectedVariant(MACHINE_COST_US),
  ...switchedVariants(MACHINE_COST_US),
];

/** As many as fit into the presets' time on a 2-core VM. */
const DESIGNS: Readonly<Record<'quick' | 'standard', Design>> = {
  quick: { restarts: PRESETS.quick.plans.hop.restarts, rounds: 4, blocks: 7 },
  standard: { restarts: PRESETS.standard.plans.hop.restarts, rounds: 4, blocks: 7 },
};

const settings = {
  runs: setting.integer({
    default: 1000,
    min: 10,
    max: 100_000,
    flag: 'runs',
    description: 'Simulated runs for each cost and design',
  }),
  fit: setting.text({
    default: '',
    flag: 'fit',
    description:
      'Fits the noise to the runs saved in this folder, such as .tracelab/overhead; default: that of a 2-core VM',
  }),
  machine: setting.integer({
    default: 0,
    min: 0,
    max: 100,
    flag: 'machine',
    description: 'Instead: this many real quick runs here with 0 and 50 µs injected, three minutes each',
  }),
  held: setting.text({ default: '', flag: 'held', description: 'Instead: counts the runs saved in this folder' }),
  seed: setting.integer({ default: 1, min: 1, max: 2 ** 31 - 1, flag: 'seed', description: 'Of the simulation' }),
};

export const coverage = defineVerb({
  name: 'coverage',
  summary:
    'Whether the 95 % intervals of the overhead table hold a known cost in 95 % of runs: simulated, or on this machine',
  settings,
  examples: [
    'npm run bench:coverage',
    'npm run bench:coverage -- --fit .tracelab/overhead',
    'npm run bench:coverage -- --machine 10',
    'npm run bench:coverage -- --held .tracelab/coverage/2026-11-28T17-00-00',
  ],
  run: async ({ settings: given, output, shutdown }) => {
    if (given.held !== '') return deliverMachine(output, await readRuns(given.held), given.held);
    if (given.machine > 0) return measureHere(given.machine, output, shutdown);
    const noise = given.fit === '' ? FITTED_NOISE : fitNoise(await readRuns(given.fit), 'hop');
    return simulate({ noise, runs: given.runs, seed: given.seed }, output);
  },
});

function simulate({ noise, runs, seed }: { noise: Noise; runs: number; seed: number }, output: Output): ExitCode {
  const designs = Object.entries(DESIGNS).map(([name, design]): DesignCoverage => {
    output.progress(`${runs} runs of the ${name} design for each of ${SIMULATED_COSTS_US.join(', ')} µs`);
    const rows = SIMULATED_COSTS_US.map((injectedUs, index) =>
      simulateCoverage({ noise, design, injectedUs, runs, seed: seed + index }),
    );
    return { design: `${name}, ${design.restarts} starts`, rows };
  });
  const text = renderCoverage(designs, SIMULATION_TARGET);
  output.result({ noise, designs }, `${describeNoise(noise)}\n\n${text}`);
  return designs.every(({ rows }) => rows.every(holdsInSimulation)) ? ExitCode.done : ExitCode.notHeld;
}

async function measureHere(count: number, output: Output, shutdown: Shutdown): Promise<ExitCode> {
  const folder = resultFolder('', 'coverage', new Date().toISOString());
  const results: OverheadResult[] = [];
  for (let run = 1; run <= count && !shutdown.signal.aborted; run++) {
    const { result, failure } = await runOverhead({
      comparison: 'rates',
      variants: MACHINE_VARIANTS,
      workloads: [{ workload: WORKLOADS.hop, plan: withTimeFor(MACHINE_VARIANTS, PRESETS.quick.plans.hop) }],
      regime: DEFAULT_REGIME,
      seed: run,
      shutdown,
      say: (text) => output.progress(`run ${run} of ${count}: ${text}`),
    });
    const saved = await saveResult(join(folder, String(run)), result);
    if (failure !== undefined) throw failure;
    if (result.complete) results.push(saved.result);
  }
  return deliverMachine(output, results, folder);
}

function deliverMachine(output: Output, results: readonly OverheadResult[], folder: string): ExitCode {
  const truths = truthsOf(results);
  const rows = coverageOf(results, truths);
  const table = renderCoverage([{ design: 'quick, this machine', rows }], MACHINE_TARGET);
  const text = [table, ...truths.map(describeTruth)].join('\n');
  output.result({ folder, rows, truths }, `${text}\nThe runs: ${folder}`);
  return rows.length > 0 && rows.every(holdsOnMachine) ? ExitCode.done : ExitCode.notHeld;
}

/** Every saved run one folder below, in the order of their names. */
async function readRuns(folder: string): Promise<OverheadResult[]> {
  let names: string[];
  try {
    names = await readdir(resolve(folder));
  } catch (error) {
    throw new UsageError(`${folder} should be a folder of saved runs: ${String(error)}`, { cause: error });
  }
  const files = names.toSorted().map((name) => join(folder, name, 'overhead.json'));
  if (files.length === 0)
    throw new UsageError(`${folder} should hold saved runs, each in a folder of its own: is empty`);
  return Promise.all(files.map(readResult));
}
