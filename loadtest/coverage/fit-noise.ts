import { mean, median, standardDeviation } from '@tracelab/model';
import { blocksOf, completeRounds, cpuUsPerRequest, type Round } from '../overhead/paired-rounds.ts';
import type { OverheadResult, WorkloadResult } from '../overhead/result.ts';
import type { VariantName } from '../overhead/variant.ts';
import type { Noise } from './noise.ts';

/** A block that lies this many standard deviations above the others of its round was stalled. */
const STALL_SIGMAS = 5;
/** Of a normal distribution: standard deviation over median absolute deviation. */
const SIGMA_PER_MAD = 1.4826;
const RESTARTS_MIN = 4;

/**
 * From the two equal sets of saved runs, by the method of moments, levels from the inside out: blocks around the median of
 * their set and round (robustly, so that stalls do not count as noise twice), rounds around the mean of their restart less
 * what blocks explain, and half the variance of the sets' difference from start to start less what blocks explain. Runs of
 * the same workload on the same machine only: each counts by its restarts. Throws a RangeError for fewer than four restarts.
 */
export function fitNoise(results: readonly OverheadResult[], workload: WorkloadResult['workload']): Noise {
  const restarts = results.flatMap((result) => restartsOf(result, workload));
  if (restarts.length < RESTARTS_MIN)
    throw new RangeError(`noise is fitted to ${RESTARTS_MIN} restarts or more of ${workload}: were ${restarts.length}`);
  const residuals = restarts.flatMap(({ sets }) => sets.flatMap((rounds) => rounds.flatMap(aroundMedian)));
  const blockUs = SIGMA_PER_MAD * median(residuals.map(Math.abs));
  const stalls = residuals.filter((residual) => residual > STALL_SIGMAS * blockUs);
  const blockVariance = variance(residuals);
  const differences = restarts.map(({ sets: [none, control] }) => meanOf(control) - meanOf(none));
  const blocksInSet = mean(restarts.map(({ sets: [none] }) => none.flat().length));
  return {
    baselineUs: mean(restarts.map(({ sets: [none] }) => meanOf(none))),
    restartUs: rootOf(meanSquare(differences) / 2 - blockVariance / blocksInSet),
    roundUs: roundDeviation(restarts, blockVariance),
    blockUs,
    stallChance: stalls.length / residuals.length,
    stallUs: stalls.length === 0 ? 0 : mean(stalls),
  };
}

/** CPU µs a request of each block, by round, of the baseline and of its control. */
interface Restart {
  sets: [number[][], number[][]];
}

function restartsOf(result: OverheadResult, workload: WorkloadResult['workload']): Restart[] {
  const [none, control] = result.variants.map(({ name }) => name);
  const measured = result.workloads.find((candidate) => candidate.workload === workload);
  if (none === undefined || control === undefined || measured === undefined) return [];
  return completeRounds(measured.blocks).map((rounds) => ({
    sets: [valuesOf(rounds, none), valuesOf(rounds, control)],
  }));
}

function valuesOf(rounds: readonly Round[], variant: VariantName): number[][] {
  return rounds.map((round) => blocksOf(round, variant).map(cpuUsPerRequest));
}

/**
 * Each block less the median of the others (its own would draw the median to itself), which strays too: by pi / 2 of a mean's
 * variance. One block alone strays from nothing.
 */
function aroundMedian(values: readonly number[]): number[] {
  if (values.length < 2) return [];
  const scale = Math.sqrt(1 + Math.PI / 2 / (values.length - 1));
  return values.map((value, index) => (value - median(values.toSpliced(index, 1))) / scale);
}

function roundDeviation(restarts: readonly Restart[], blockVariance: number): number {
  const variances = restarts
    .map(({ sets: [none, control] }) => none.map((values, round) => mean([...values, ...(control[round] ?? [])])))
    .filter((means) => means.length > 1)
    .map(variance);
  if (variances.length === 0) return 0;
  const blocksInRound = mean(restarts.flatMap(({ sets }) => sets.flat()).map(({ length }) => length)) * 2;
  return rootOf(mean(variances) - blockVariance / blocksInRound);
}

function meanOf(rounds: readonly (readonly number[])[]): number {
  return mean(rounds.map(mean));
}

function variance(values: readonly number[]): number {
  return standardDeviation(values) ** 2;
}

/** Two equal sets differ by zero in truth: squares around it, not around their own mean. */
function meanSquare(values: readonly number[]): number {
  return mean(values.map((value) => value ** 2));
}

/** A variance that comes out below zero is one that cannot be told from none. */
function rootOf(variance: number): number {
  return Math.sqrt(Math.max(0, variance));
}
