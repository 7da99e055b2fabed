import { drawTextTable, type TextTable } from '@tracelab/command';
import type { MeasuredMachine } from '../overhead/result.ts';
import type { NamedRun } from '../overhead/save.ts';
import { formatCounted, formatInterval, formatNumber, formatSigned } from '../report/format.ts';
import { describeRegime } from '../report/notes.ts';
import { wrap } from '../report/prose.ts';
import type { Cell, InBoth, RunComparison, WorkloadComparison } from './compare-runs.ts';

/** The comparison for people in front of a terminal; `bold` is the identity where there are no colours. */
export function renderComparison(
  comparison: RunComparison,
  runs: InBoth<NamedRun>,
  bold: (text: string) => string,
): string {
  return [
    bold(wrap(sentenceOf(comparison), '')),
    [`a: ${describeRun(runs.first)}`, `b: ${describeRun(runs.second)}`].map((line) => wrap(line, '   ')).join('\n'),
    ...warningsOf(comparison, runs).map((warning) => bold(wrap(warning, ''))),
    ...comparison.workloads.map((workload) => sectionOf(workload, bold)),
    readingNotes(comparison)
      .map((note) => wrap(note, '  '))
      .join('\n'),
  ].join('\n\n');
}

/** The whole answer in one sentence. */
export function sentenceOf({ outcome, cellCount, workloads }: RunComparison): string {
  const cells = workloads.flatMap((workload) => workload.cells);
  const count = (verdict: Cell['verdict']): number => cells.filter((cell) => cell.verdict === verdict).length;
  const largestUs = Math.max(...cells.map(({ seenFromUs }) => seenFromUs));
  switch (outcome) {
    case 'agree':
      return `The runs agree in ${cellCount === 1 ? 'the one cell' : `all ${cellCount} cells`} that both measured; in each of them a difference of ${formatNumber(largestUs)} µs would have been claimed.`;
    case 'differ':
      return `The runs differ in ${count('differs')} of ${formatCounted(cellCount, 'cell')}.`;
    case 'cannot be compared':
      return count('no interval') > 0
        ? 'The runs cannot be compared: one restart has no interval.'
        : `The runs cannot be compared: too noisy. No difference is seen in ${formatCounted(cellCount, 'cell')}, but one of ${formatNumber(largestUs)} µs might have been missed.`;
  }
}

/** What should be known before the figures: whatever else differs than what is compared. */
export function warningsOf(comparison: RunComparison, { first, second }: InBoth<NamedRun>): string[] {
  const [one, other] = [first.result, second.result];
  const machines = machineDifferences(one.machine, other.machine);
  const warnings: string[] = [];
  if (machines.length > 0)
    warnings.push(
      `DIFFERENT MACHINES (${machines.join('; ')}): microseconds of one are not microseconds of the other; per cent travel better (overhead --pool).`,
    );
  const regimes = [one, other].map(({ regime }) => describeRegime(regime));
  if (regimes[0] !== regimes[1]) warnings.push(`DIFFERENT LOADS: ${regimes.join(' against ')}.`);
  for (const { file, result } of [first, second])
    if (!result.complete) warnings.push(`INCOMPLETE: the run of ${file} was ended early.`);
  for (const { workload, isTooNoisy } of comparison.workloads) {
    const noisy = [...(isTooNoisy.first ? ['a'] : []), ...(isTooNoisy.second ? ['b'] : [])];
    if (noisy.length > 0)
      warnings.push(
        `TOO NOISY: the control row of ${workload} in ${noisy.join(' and ')} is wider than a tenth of the baseline, or has no interval. A difference can still be seen there, agreement cannot.`,
      );
  }
  return warnings;
}

const MACHINE_FIELDS = ['cpuModel', 'cores', 'memoryBytes', 'platform', 'node', 'governor'] as const;

function machineDifferences(one: MeasuredMachine, other: MeasuredMachine): string[] {
  return MACHINE_FIELDS.filter((field) => (one[field] ?? NOT_TOLD) !== (other[field] ?? NOT_TOLD)).map(
    (field) => `${field}: ${one[field] ?? NOT_TOLD} against ${other[field] ?? NOT_TOLD}`,
  );
}

const NOT_TOLD = 'not told';

function describeRun({ file, result }: NamedRun): string {
  const { machine } = result;
  return `${file}, ${result.startedAt}, ${machine.cpuModel}, ${machine.cores} cores, Node ${machine.node}`;
}

function sectionOf(workload: WorkloadComparison, bold: (text: string) => string): string {
  const { baselineUs, noiseUs } = workload;
  const alone = [
    ...workload.alone.first.map((name) => `${name} (a)`),
    ...workload.alone.second.map((name) => `${name} (b)`),
  ];
  return [
    bold(`${workload.workload} (${workload.path})`),
    drawTextTable(tableOf(workload)),
    wrap(
      `The baseline itself: ${formatNumber(baselineUs.first)} µs a request in a, ${formatNumber(baselineUs.second)} in b; not judged, machines are faster one hour than another.${noiseNote(noiseUs)}`,
      '  ',
    ),
    ...(alone.length === 0 ? [] : [wrap(`In one run only, so not compared: ${alone.join(', ')}.`, '  ')]),
  ].join('\n');
}

function noiseNote(noiseUs: number): string {
  return Number.isFinite(noiseUs)
    ? ` Differences up to ${formatNumber(noiseUs)} µs are not claimed: that far the two control rows reach from zero.`
    : '';
}

function tableOf({ cells }: WorkloadComparison): TextTable {
  return {
    columns: [
      { heading: 'variant', align: 'left' },
      { heading: 'added µs in a', align: 'right' },
      { heading: 'in b', align: 'right' },
      { heading: 'b - a [simultaneous 95 %]', align: 'right' },
      { heading: 'p', align: 'right' },
      { heading: 'verdict', align: 'left' },
    ],
    rows: cells.map((cell) => [
      cell.variant,
      formatSigned(cell.addedUs.first),
      formatSigned(cell.addedUs.second),
      formatInterval(cell.differenceUs, formatSigned),
      formatP(cell.p),
      describeVerdict(cell),
    ]),
  };
}

function formatP(p: number): string {
  if (p >= 0.9995) return '1';
  return p < 0.001 ? '<0.001' : p.toFixed(3);
}

/** "differs: +48.1 µs [+40.0..+56.2]", or what could have been seen. */
export function describeVerdict({ verdict, differenceUs, withinUs, seenFromUs }: Cell): string {
  switch (verdict) {
    case 'differs':
      return `differs: ${formatSigned(differenceUs.estimate)} µs`;
    case 'agrees':
      return `agrees within ±${formatNumber(withinUs)} µs (seen from ${formatNumber(seenFromUs)} µs)`;
    case 'too noisy':
      return `too noisy: may differ by ±${formatNumber(withinUs)} µs`;
    case 'no interval':
      return 'no verdict: one restart has no interval';
  }
}

function readingNotes({ cellCount, marginPercent }: RunComparison): string[] {
  return [
    `Difference: of the added µs, b minus a. Its interval is corrected for ${formatCounted(cellCount, 'cell')} (Bonferroni), so that all of them together hold the truth in 95 % of all comparisons; p is multiplied by their number. Two equal runs are said to differ at most once in twenty comparisons.`,
    'Only restarts are independent: t with the degrees of freedom of the run with fewer restarts.',
    'Claimed: a difference whose interval leaves zero out and which is larger than what the control rows of both runs reach from zero together (root of the sum of squares), the control row itself included.',
    `Within: how far the interval reaches from zero. Seen from: a smaller difference would not have been claimed; "agrees" is never "is the same", and is said only where a difference of ${formatNumber(marginPercent)} % of the baseline would have been claimed.`,
  ];
}
