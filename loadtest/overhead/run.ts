import {
  describeMachineAtStart,
  launchProgram,
  readLoadAverage,
  type LaunchedProgram,
  type Shutdown,
} from '@tracelab/command';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchSink } from '../sink/launch-sink.ts';
import { seededRandom } from '../seeded-random.ts';
import type { WorkloadPlan } from './plan.ts';
import { createProgress } from './progress.ts';
import type { OverheadResult, Regime } from './result.ts';
import { runWorkload } from './run-workload.ts';
import type { ComparisonName, Variant } from './variant.ts';
import type { Workload } from './workload.ts';

export interface OverheadRun {
  comparison: ComparisonName;
  /** The baseline first, its control second. */
  variants: readonly Variant[];
  /** Measured one after the other. */
  workloads: readonly PlannedWorkload[];
  regime: Regime;
  seed: number;
  /** Its signal ends the run early; what is measured until then stays. */
  shutdown: Pick<Shutdown, 'signal' | 'onEnd'>;
  say: (text: string) => void;
}

export interface PlannedWorkload {
  workload: Workload;
  plan: WorkloadPlan;
}

/** What a run that failed half-way had measured until then. */
export interface Measured {
  result: OverheadResult;
  /** Why it ended before its plan; undefined where it did not, or where that was asked for. */
  failure?: unknown;
}

/** Measures every workload of the plan, one after the other. A failure ends the run, not what it has measured. */
export async function runOverhead(run: OverheadRun): Promise<Measured> {
  const startedMs = performance.now();
  const result = emptyResult(run);
  let failure: unknown;
  try {
    await measureAll(run, result);
  } catch (error) {
    // What breaks after the request to end, broke by it.
    if (!run.shutdown.signal.aborted) failure = error;
  }
  return {
    result: {
      ...result,
      complete: failure === undefined && !run.shutdown.signal.aborted,
      durationMs: Math.round(performance.now() - startedMs),
      machine: { ...result.machine, loadAverageAfter: readLoadAverage() },
    },
    ...(failure === undefined ? {} : { failure }),
  };
}

function emptyResult(run: OverheadRun): OverheadResult {
  const machine = describeMachineAtStart();
  return {
    format: 'tracelab-overhead',
    version: 1,
    comparison: run.comparison,
    variants: run.variants,
    startedAt: new Date().toISOString(),
    durationMs: 0,
    complete: false,
    seed: run.seed,
    machine: { ...machine, loadAverageAfter: machine.loadAverageBefore },
    regime: run.regime,
    workloads: run.workloads.map(({ workload, plan }) => ({
      workload: workload.name,
      path: workload.path,
      ...(workload.processesPerSet === undefined ? {} : { processesPerSet: workload.processesPerSet }),
      ...(workload.design === undefined ? {} : { design: workload.design }),
      warmUpMs: plan.warmUpMs,
      blockMs: plan.blockMs,
      blocks: [],
      ...(plan.openLoop === undefined
        ? {}
        : { latency: { requestsPerSecond: plan.openLoop.requestsPerSecond, blocks: [] } }),
    })),
  };
}

/** Ends what it has started for the run, whether it is followed by another run of this process or not. */
async function measureAll(run: OverheadRun, result: OverheadResult): Promise<void> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'tracelab-overhead-'));
  const sink = launchSink();
  const generator = launchGenerator(run);
  const end = async (): Promise<void> => {
    await Promise.all([sink.stop(), generator?.stop(), rm(dataFolder, { recursive: true, force: true })]);
  };
  // Where the work does not end by itself.
  run.shutdown.onEnd('sink, open loop and data folder of the copies', end);
  try {
    const { url: sinkUrl = '' } = await sink.ready;
    const { url: generatorUrl = '' } = (await generator?.ready) ?? {};
    await measureWorkloads(run, result, { sinkUrl, dataFolder, generatorUrl });
  } finally {
    await end();
  }
}

async function measureWorkloads(
  run: OverheadRun,
  result: OverheadResult,
  { generatorUrl, ...places }: { sinkUrl: string; dataFolder: string; generatorUrl: string },
): Promise<void> {
  const budgetMs = run.workloads.reduce((sum, { plan }) => sum + plan.budgetMs, 0);
  const progress = createProgress(budgetMs, { nowMs: () => performance.now() }, run.say);
  const random = seededRandom(run.seed);
  for (const [index, { workload, plan }] of run.workloads.entries()) {
    const measured = result.workloads[index];
    if (measured === undefined || run.shutdown.signal.aborted) continue;
    await runWorkload({
      workload,
      plan,
      variants: run.variants,
      regime: run.regime,
      surroundings: { ...places, exportDelayMs: run.regime.exportDelayMs },
      random,
      signal: run.shutdown.signal,
      generatorUrl,
      keep: (blocks) => measured.blocks.push(...blocks),
      keepLatency: (blocks) => measured.latency?.blocks.push(...blocks),
      progress: (at) => progress({ workload: workload.name, restarts: plan.restarts, ...at }),
    });
  }
}

/** Who sends the open loop; only where a plan has one. */
function launchGenerator(run: OverheadRun): LaunchedProgram | undefined {
  if (run.workloads.every(({ plan }) => plan.openLoop === undefined)) return undefined;
  return launchProgram({ name: 'open loop', file: 'loadtest/attack/main.ts', env: { NODE_OPTIONS: '' } });
}
