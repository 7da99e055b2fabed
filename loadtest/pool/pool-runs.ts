import {
  mean,
  poolRandomEffects,
  standardDeviation,
  studentQuantile95,
  type Interval,
  type PooledEstimate,
  type Study,
} from '@tracelab/model';
import { addedUsByRestart, logRatioByRestart, type Round } from '../overhead/paired-rounds.ts';
import type { MeasuredMachine, WorkloadName } from '../overhead/result.ts';
import type { NamedRun } from '../overhead/save.ts';
import type { VariantName } from '../overhead/variant.ts';
import { summarizeWithRounds, type WorkloadSummary } from '../report/summary.ts';

/** One table of many machines, as numbers: computed from their saved blocks alone. */
export interface Pool {
  machines: PooledMachine[];
  workloads: WorkloadPool[];
}

export interface PooledMachine {
  file: string;
  startedAt: string;
  machine: MeasuredMachine;
}

export interface WorkloadPool {
  workload: WorkloadName;
  path: string;
  baseline: VariantName;
  /** In the order of the pool's machines; null where one has no complete round of this workload. */
  noise: (MachineNoise | null)[];
  rows: PooledRow[];
  /** Rows that less than two machines have with an interval. */
  alone: VariantName[];
}

export interface MachineNoise {
  /** Of the control row's interval, in per cent of the baseline; null for one restart. */
  widthPercent: number | null;
  /** Without a verdict of its own; in the pool its wide interval says so. */
  isTooNoisy: boolean;
  baselineUs: number;
}

export interface PooledRow {
  variant: VariantName;
  isControl: boolean;
  /** Only machines that measured this row with at least two restarts. */
  machines: MachineEffect[];
  /** Per cent of the baseline: pooled as logarithms of the ratio, so that a fast and a slow machine mean the same. */
  addedPercent: PooledFigure;
  addedUs: PooledFigure;
}

export interface MachineEffect {
  /** Position in the pool's machines. */
  machine: number;
  restarts: number;
  addedPercent: Interval;
  addedUs: Interval;
  /** What this machine counts for in the pooled per cent. */
  weightPercent: number;
}

export interface PooledFigure extends Interval {
  /** How far true values differ from machine to machine: a standard deviation, in the unit of the figure. */
  tau: number;
  iSquaredPercent: number;
  /** Where a further machine is to be expected; absent for less than three machines. */
  prediction?: { low: number; high: number };
}

interface Measured {
  machine: number;
  summary: WorkloadSummary;
  restarts: Round[][];
}

/** Runs of the same comparison and workloads, each of another machine. */
export function poolRuns(runs: readonly NamedRun[]): Pool {
  const measured = runs.flatMap(({ result }, machine) =>
    summarizeWithRounds(result).map(({ summary, restarts }): Measured => ({ machine, summary, restarts })),
  );
  return {
    machines: runs.map(({ file, result: { startedAt, machine } }) => ({ file, startedAt, machine })),
    workloads: [...Map.groupBy(measured, ({ summary }) => summary.workload).values()].flatMap((group) =>
      poolWorkload(group, runs.length),
    ),
  };
}

function poolWorkload(measured: readonly Measured[], machineCount: number): WorkloadPool[] {
  const [first] = measured;
  if (first === undefined) return [];
  const { workload, path, baseline, rows } = first.summary;
  const names = new Set(measured.flatMap(({ summary }) => summary.rows.slice(1).map(({ variant }) => variant)));
  const pooled = [...names].map((variant) => poolRow(measured, { variant, baseline }, rows[1]?.variant));
  return [
    {
      workload,
      path,
      baseline,
      noise: Array.from({ length: machineCount }, (_, index) =>
        noiseOf(measured.find(({ machine }) => machine === index)),
      ),
      rows: pooled.filter((row) => row !== undefined),
      alone: [...names].filter((_, index) => pooled[index] === undefined),
    },
  ];
}

function noiseOf(measured: Measured | undefined): MachineNoise | null {
  if (measured === undefined) return null;
  const { control, rows } = measured.summary;
  return {
    widthPercent: Number.isFinite(control.widthPercent) ? control.widthPercent : null,
    isTooNoisy: control.isTooNoisy,
    baselineUs: rows[0]?.cpuUsPerRequest.estimate ?? Number.NaN,
  };
}

function poolRow(
  measured: readonly Measured[],
  of: { variant: VariantName; baseline: VariantName },
  control: VariantName | undefined,
): PooledRow | undefined {
  const entering = measured.filter(
    ({ summary, restarts }) => restarts.length > 1 && summary.rows.some(({ variant }) => variant === of.variant),
  );
  if (entering.length < 2) return undefined;
  const logs = entering.map(({ restarts }) => logRatioByRestart(restarts, of));
  const added = entering.map(({ restarts }) => addedUsByRestart(restarts, of));
  const pooledLogs = poolRandomEffects(logs.map(studyOf));
  return {
    variant: of.variant,
    isControl: of.variant === control,
    machines: entering.map(({ machine, restarts }, index) => ({
      machine,
      restarts: restarts.length,
      addedPercent: mapBounds(intervalOf(logs[index] ?? []), percentOfLog),
      addedUs: intervalOf(added[index] ?? []),
      weightPercent: (pooledLogs.weights[index] ?? 0) * 100,
    })),
    addedPercent: figureOf(pooledLogs, percentOfLog),
    addedUs: figureOf(poolRandomEffects(added.map(studyOf)), (us) => us),
  };
}

function studyOf(restarts: readonly number[]): Study {
  return { estimate: mean(restarts), standardError: standardDeviation(restarts) / Math.sqrt(restarts.length) };
}

function intervalOf(restarts: readonly number[]): Interval {
  const { estimate, standardError } = studyOf(restarts);
  const reach = studentQuantile95(restarts.length - 1) * standardError;
  return { estimate, low: estimate - reach, high: estimate + reach };
}

function figureOf(pooled: PooledEstimate, convert: (value: number) => number): PooledFigure {
  const { tau, iSquared, prediction } = pooled;
  return {
    ...mapBounds(pooled, convert),
    tau: convert(tau),
    iSquaredPercent: iSquared * 100,
    ...(prediction === undefined
      ? {}
      : { prediction: { low: convert(prediction.low), high: convert(prediction.high) } }),
  };
}

function mapBounds({ estimate, low, high }: Interval, convert: (value: number) => number): Interval {
  return { estimate: convert(estimate), low: convert(low), high: convert(high) };
}

/** Of a logarithm of variant over baseline: 0 is 0 %, ln 2 is +100 %. */
function percentOfLog(log: number): number {
  return Math.expm1(log) * 100;
}
