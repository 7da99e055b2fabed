import { drawTextTable, figureColumns } from '@tracelab/command';
import type { Interval } from '@tracelab/model';
import { formatCount, formatCounted, formatDuration, formatInterval, formatNumber } from '../report/format.ts';
import { isBounded } from '../report/interval.ts';
import { runLine } from '../report/measured-on.ts';
import { wrap } from '../report/prose.ts';
import { judgeTarget } from '../report/verdict.ts';
import { STRAY_NAMES } from './collector-metrics.ts';
import type { TailCostResult } from './result.ts';
import { compareWithBaseline, summarizeTailCost, type CostRatio, type TailCostSummary } from './summary.ts';
import { BASELINE } from './variants.ts';

const NONE = '-';
/** Of a core: a load process that works more than this may be what limits the rate. */
const SENDER_CORES_MAX = 0.9;
/** More than the saw-tooth of a collected heap makes from one half to the other. */
const MEMORY_GROWTH_MAX = 0.1;

/** The report of a saved result, and of nothing else. */
export function renderTailCost(result: TailCostResult): string {
  const summaries = summarizeTailCost(result);
  const parts = ['What tail sampling costs: errors, slow traces and 5 % of the rest are kept, and go nowhere'];
  if (!result.complete)
    parts.push(`INCOMPLETE: ended after ${formatDuration(result.durationMs)}; this is what was measured until then.`);
  parts.push(...warningsOf(summaries).map((warning) => `(!) ${warning}`));
  const tables = [saturatedTable(result, summaries), steadyTable(result, summaries)].flatMap((table) => table ?? []);
  parts.push(...(tables.length === 0 ? ['No block was completed.'] : [...tables, comparison(result, summaries)]));
  if (tables.length > 0) parts.push(notesOf(result, summaries));
  parts.push(runLine(result));
  return parts.join('\n\n');
}

function saturatedTable({ load }: TailCostResult, summaries: readonly TailCostSummary[]): string | undefined {
  const rows = summaries.flatMap(({ collector, wal, saturated }) =>
    saturated.map((cost) => ({ collector, wal, cost })),
  );
  if (rows.length === 0) return undefined;
  rows.sort((one, other) => other.cost.encoding.localeCompare(one.cost.encoding));
  const figures = ['CPU µs/span [95 %]', 'spans/s for each core', 'spans/s reached', 'wire B/span', 'RSS MB'];
  const cells = rows.map(({ collector, wal, cost }) => [
    cost.encoding,
    collector,
    wal,
    formatInterval(cost.cpuUsPerSpan, formatFine),
    formatCount(cost.spansPerSecondPerCore),
    formatCount(cost.spansPerSecond),
    formatNumber(cost.wireBytes),
    formatCount(cost.residentBytes / 1e6),
  ]);
  const columns = [...figureColumns('load'), ...figureColumns('collector'), ...figureColumns('WAL', ...figures)];
  return `As much as it takes, decision_wait ${load.saturatedWaitS} s\n${drawTextTable({ columns, rows: cells })}`;
}

function steadyTable({ load }: TailCostResult, summaries: readonly TailCostSummary[]): string | undefined {
  const rows = summaries.flatMap(({ collector, wal, steady }) =>
    steady === undefined ? [] : [{ collector, wal, steady }],
  );
  if (rows.length === 0) return undefined;
  const figures = [
    'CPU µs/span [95 %]',
    'B/buffered span [95 %]',
    'RSS MB, at rest',
    'buffering',
    'answer ms p50',
    'p99 [95 %]',
    'decision lag p99 ms',
  ];
  const columns = [...figureColumns('collector'), ...figureColumns('WAL', ...figures)];
  const cells = rows.map(({ collector, wal, steady }) => [
    collector,
    wal,
    formatInterval(steady.cpuUsPerSpan, formatFine),
    formatInterval(steady.bytesPerSpan, formatCount),
    formatCount(steady.restBytes / 1e6),
    formatCount(steady.residentBytes / 1e6),
    formatFine(steady.answerP50Ms.estimate),
    Number.isNaN(steady.answerP99Ms.estimate) ? NONE : formatInterval(steady.answerP99Ms, formatFine),
    formatLag(steady.decisionLagP99S),
  ]);
  const heading = `${formatCount(load.spansPerSecond)} spans/s, plain, decision_wait ${load.steadyWaitS} s`;
  return `${heading}\n${drawTextTable({ columns, rows: cells })}`;
}

function comparison(result: TailCostResult, summaries: readonly TailCostSummary[]): string {
  if (!result.collectors.some(({ name }) => name === BASELINE))
    return 'Only ours was measured: OTELCOL_BIN names no OpenTelemetry Collector to compare with, so no target can be told.';
  const lines = summaries.flatMap((summary) =>
    compareWithBaseline(result, summary).map((ratio) => `  ${describeRatio(summary.collector, ratio)}`),
  );
  return [`How many times what ${BASELINE} takes, over the same starts [95 %]`, ...lines].join('\n');
}

/** "tracelab, CPU of a span, saturated, plain: 0.310 [0.290..0.330], 1/3.2; target at most 1/4: not met" */
function describeRatio(collector: string, { figure, ratio, target }: CostRatio): string {
  const share = ratio.estimate > 0 ? `, 1/${(1 / ratio.estimate).toFixed(1)}` : '';
  const text = `${collector}, ${figure}: ${formatInterval(ratio, (value) => value.toFixed(3))}${share}`;
  if (target === undefined) return text;
  return `${text}; target at most 1/${formatPlain(1 / target)}: ${judge(ratio, target)}`;
}

/** One start has no interval, yet says on which side it was. */
function judge(ratio: Interval, target: number): string {
  if (isBounded(ratio)) return judgeTarget(ratio, target);
  return `${ratio.estimate <= target ? 'met' : 'not met'} in this one start`;
}

/** What makes figures others than they look. */
function warningsOf(summaries: readonly TailCostSummary[]): string[] {
  return summaries.flatMap((summary) => [...warningsOfBoth(summary), ...warningsOfSteady(summary)]);
}

function warningsOfBoth({ collector, saturated, steady, strays }: TailCostSummary): string[] {
  const refusals = saturated.reduce((sum, cost) => sum + cost.refusals, steady?.refusals ?? 0);
  const warnings = saturated
    .filter(({ senderCores }) => senderCores > SENDER_CORES_MAX)
    .map(({ encoding }) => `${collector}, ${encoding}: the load process was at its end; more may be reached.`);
  if (refusals > 0) warnings.push(`${collector} refused or left unanswered ${formatCounted(refusals, 'request')}.`);
  const counts = STRAY_NAMES.filter((name) => strays[name]).map((name) => `${formatCount(strays[name] ?? 0)} ${name}`);
  if (counts.length > 0) warnings.push(`${collector} counts ${counts.join(', ')}, of which there should be none.`);
  return warnings;
}

function warningsOfSteady({ collector, steady }: TailCostSummary): string[] {
  if (steady === undefined) return [];
  const { blocksNotKeptUp, memoryGrowth } = steady;
  const warnings: string[] = [];
  if (blocksNotKeptUp > 0)
    warnings.push(
      `${collector}: the load process did not keep up in ${blocksNotKeptUp} of its steady blocks; answer times are partly its own.`,
    );
  if (memoryGrowth > MEMORY_GROWTH_MAX)
    warnings.push(
      `${collector}: its memory grew by ${formatNumber(memoryGrowth * 100)} % from the first to the second half of what was measured; a longer look (--steady-ms) would find more.`,
    );
  return warnings;
}

function notesOf(result: TailCostResult, summaries: readonly TailCostSummary[]): string {
  const spanBytes = summaries.flatMap(({ saturated }) => saturated.map((cost) => cost.spanBytes))[0];
  const restarts = Math.max(...summaries.map((summary) => summary.restarts));
  return [
    `${result.collectors.map(({ name, version }) => `${name} ${version}`).join(', ')}: OTLP over HTTP, tail_sampling, nop; the very same YAML, but for the port; GOMAXPROCS=1 for ${BASELINE}.`,
    `Load: a process of its own, protobuf, ${spanBytes === undefined ? '' : `${formatCount(spanBytes)} B a span, `}12 spans to a trace, 512 to a request, from seven services, 1 % errors, 2 % slow; gzip: level 1, compressed ahead.`,
    'CPU: user and system time of the collector alone, from the operating system; saturated: from the first request until all is decided; steady: while its buffer is full. Spans/s for each core: 1 s over that, whatever was reached on this machine.',
    'Bytes of a buffered span: resident memory while the buffer is full, less what is resident at rest (a burst of 1 s was decided), over the spans that come in one window.',
    'Answer time: from the intended start of an open loop until the whole answer is there. Decision lag: decided minus due, at most (upper bound of its bucket).',
    `Intervals: 95 %, over ${formatCounted(restarts, 'start')}, which alone are independent; saturated blocks in random order, all collectors alive and warm; steady ones after each other.`,
  ]
    .map((note) => wrap(`  ${note}`, '    '))
    .join('\n');
}

function formatLag(lagS: number | undefined): string {
  if (lagS === undefined) return NONE;
  return Number.isFinite(lagS) ? `≤ ${formatPlain(lagS * 1000)}` : 'above all buckets';
}

/** Microseconds and milliseconds of one digit need their fraction. */
function formatFine(value: number): string {
  return Math.abs(value) < 10 ? value.toFixed(2) : formatNumber(value);
}

function formatPlain(value: number): string {
  return String(Math.round(value * 10) / 10);
}
