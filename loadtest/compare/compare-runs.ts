import { differenceOfMeans, mean, simultaneousConfidence, type Interval } from '@tracelab/model';
import { addedUsByRestart } from '../overhead/paired-rounds.ts';
import type { OverheadResult, WorkloadName } from '../overhead/result.ts';
import type { VariantName } from '../overhead/variant.ts';
import { excludesZero, isBounded, reachFromZero } from '../report/interval.ts';
import { summarizeWithRounds, type SummarizedRounds, type WorkloadSummary } from '../report/summary.ts';

/** Whether two saved runs differ, as numbers. A cell is a row of a workload that both runs measured. */
export interface RunComparison {
  outcome: 'agree' | 'differ' | 'cannot be compared';
  /** Of all workloads: what the intervals and p-values are corrected for. */
  cellCount: number;
  /** A cell agrees only where a difference of this share of the baseline would have been claimed. */
  marginPercent: number;
  workloads: WorkloadComparison[];
}

export interface WorkloadComparison {
  workload: WorkloadName;
  path: string;
  /** CPU of the baseline in microseconds a request. Not judged: machines are faster one hour than another. */
  baselineUs: InBoth<number>;
  /** What two equal sets of processes may differ by for a whole run, in both runs together: a smaller difference is not claimed. */
  noiseUs: number;
  /** The control row of this run is too wide for a verdict. */
  isTooNoisy: InBoth<boolean>;
  cells: Cell[];
  /** Rows that the other run has not. */
  alone: InBoth<VariantName[]>;
}

/** Of the run named first, and of the one named second. */
export interface InBoth<Value> {
  first: Value;
  second: Value;
}

export interface Cell {
  variant: VariantName;
  isControl: boolean;
  addedUs: InBoth<number>;
  restarts: InBoth<number>;
  /** Second minus first; all intervals of a comparison together hold the truth in 95 % of all cases. */
  differenceUs: Interval;
  /** Corrected for the number of cells. */
  p: number;
  /** A smaller difference than this would not have been claimed. */
  seenFromUs: number;
  /** The true difference is within this of zero, if all intervals hold. */
  withinUs: number;
  verdict: 'differs' | 'agrees' | 'too noisy' | 'no interval';
}

interface Shared {
  workload: WorkloadName;
  runs: InBoth<SummarizedRounds>;
  variants: VariantName[];
}

/** On a bare hop about 60 µs. */
export const MARGIN_PERCENT = 25;

/** Undefined where the runs share no row besides the baseline and its control. Both have the same baseline. */
export function compareRuns(
  first: OverheadResult,
  second: OverheadResult,
  marginPercent = MARGIN_PERCENT,
): RunComparison | undefined {
  const shared = sharedWorkloads(first, second);
  const cellCount = shared.reduce((sum, { variants }) => sum + variants.length, 0);
  const workloads = shared.map((workload) => compareWorkload(workload, cellCount, marginPercent));
  if (workloads.every(({ cells }) => cells.every(({ isControl }) => isControl))) return undefined;
  return { outcome: outcomeOf(workloads), cellCount, marginPercent, workloads };
}

function outcomeOf(workloads: readonly WorkloadComparison[]): RunComparison['outcome'] {
  const verdicts = new Set(workloads.flatMap(({ cells }) => cells.map(({ verdict }) => verdict)));
  if (verdicts.has('differs')) return 'differ';
  return verdicts.has('too noisy') || verdicts.has('no interval') ? 'cannot be compared' : 'agree';
}

function sharedWorkloads(first: OverheadResult, second: OverheadResult): Shared[] {
  const [ofFirst, ofSecond] = [summarizeWithRounds(first), summarizeWithRounds(second)] as const;
  return ofFirst.flatMap((one) => {
    const other = ofSecond.find(({ summary }) => summary.workload === one.summary.workload);
    if (other === undefined) return [];
    const names = namesOf(other.summary);
    const variants = namesOf(one.summary).filter((name) => names.includes(name));
    return [{ workload: one.summary.workload, runs: { first: one, second: other }, variants }];
  });
}

/** Of the rows that are compared with the baseline. */
function namesOf({ rows }: WorkloadSummary): VariantName[] {
  return rows.slice(1).map(({ variant }) => variant);
}

function compareWorkload(
  { workload, runs, variants }: Shared,
  cellCount: number,
  marginPercent: number,
): WorkloadComparison {
  const { first, second } = inBoth(runs, ({ summary }) => summary);
  const noiseUs = Math.hypot(first.control.minimumDetectableUs, second.control.minimumDetectableUs);
  const isTooNoisy = { first: first.control.isTooNoisy, second: second.control.isTooNoisy };
  const baselineUs = inBoth(runs, ({ summary }) => summary.rows[0]?.cpuUsPerRequest.estimate ?? Number.NaN);
  const marginUs = (marginPercent / 100) * Math.min(baselineUs.first, baselineUs.second);
  const judging = { noiseUs, marginUs: isTooNoisy.first || isTooNoisy.second ? 0 : marginUs, cellCount };
  return {
    workload,
    path: first.path,
    baselineUs,
    noiseUs,
    isTooNoisy,
    cells: variants.map((variant) => {
      const added = inBoth(runs, ({ summary, restarts }) =>
        addedUsByRestart(restarts, { variant, baseline: summary.baseline }),
      );
      return { variant, isControl: variant === first.rows[1]?.variant, ...compareCell(added, judging) };
    }),
    alone: inBoth(runs, ({ summary }) => namesOf(summary).filter((name) => !variants.includes(name))),
  };
}

/** What the cells of a workload are judged by. */
interface Judging {
  noiseUs: number;
  /** 0 where a control row is too wide: nothing agrees there. */
  marginUs: number;
  cellCount: number;
}

function compareCell(
  added: InBoth<number[]>,
  { noiseUs, marginUs, cellCount }: Judging,
): Omit<Cell, 'variant' | 'isControl'> {
  const confidence = simultaneousConfidence(cellCount);
  const { estimate, low, high, p } = differenceOfMeans(added.first, added.second, confidence);
  const differenceUs = { estimate, low, high };
  const seenFromUs = Math.max(noiseUs, (high - low) / 2);
  return {
    addedUs: inBoth(added, mean),
    restarts: inBoth(added, ({ length }) => length),
    differenceUs,
    p: Math.min(1, p * cellCount),
    seenFromUs,
    withinUs: reachFromZero(differenceUs),
    verdict: verdictOf(differenceUs, noiseUs, seenFromUs > marginUs),
  };
}

/** A noisy run can still show a difference, its interval is wide enough for that; what it cannot show is agreement. */
function verdictOf(difference: Interval, noiseUs: number, isTooNoisy: boolean): Cell['verdict'] {
  if (!isBounded(difference)) return 'no interval';
  if (excludesZero(difference) && Math.abs(difference.estimate) > noiseUs) return 'differs';
  return isTooNoisy ? 'too noisy' : 'agrees';
}

function inBoth<From, To>({ first, second }: InBoth<From>, convert: (value: From) => To): InBoth<To> {
  return { first: convert(first), second: convert(second) };
}
