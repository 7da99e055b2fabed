import { DAPPER_ERROR_PERCENT } from '../overhead/dapper.ts';
import type { MeasuredMachine, OverheadResult, Regime } from '../overhead/result.ts';
import type { ComparisonName } from '../overhead/variant.ts';
import { formatAdded, CONTROL_WIDTH_PERCENT_MAX } from './verdict.ts';
import { formatCount, formatCounted, formatDuration, formatNumber } from './format.ts';
import { excludesZero, isBounded } from './interval.ts';
import { describeTrend } from './rate-trend.ts';
import type { Row, WorkloadSummary } from './summary.ts';

export function titleOf(summary: WorkloadSummary): string {
  return `What tracing costs: ${summary.workload} (${summary.path})`;
}

/** What must be read before any figure of the table; empty when nothing is wrong. */
export function warningsOf(summary: WorkloadSummary): string[] {
  const warnings: string[] = [];
  const { widthPercent, isTooNoisy } = summary.control;
  if (isTooNoisy && Number.isFinite(widthPercent)) {
    warnings.push(
      `THIS MACHINE IS TOO NOISY FOR A VERDICT: the interval of "${controlOf(summary)?.variant}" is ${formatNumber(widthPercent)} % of the CPU of ${summary.baseline} wide, over the limit of ${CONTROL_WIDTH_PERCENT_MAX} %. End what else runs here and measure again.`,
    );
  }
  if (!Number.isFinite(widthPercent)) warnings.push('NO INTERVALS: they need at least two restarts.');
  if (summary.slowedByUs !== undefined)
    warnings.push(
      `Each request of the lab's tracer burnt ${summary.slowedByUs} µs more on purpose (--tracer-injected-us): a run to be found slower, not what the tracer costs.`,
    );
  for (const row of summary.rows) warnings.push(...traceWarnings(row));
  if (summary.failures > 0)
    warnings.push(
      `${formatCount(summary.failures)} requests were not answered with 2xx: their cost is in the figures.`,
    );
  if (summary.spansDropped > 0)
    warnings.push(`The tracers dropped ${formatCount(summary.spansDropped)} spans: their cost is not in the figures.`);
  return warnings;
}

function traceWarnings(row: Row): string[] {
  if (row.traces === undefined) return [];
  const { kept, bounds, rootless, isWithinBounds } = row.traces;
  const warnings: string[] = [];
  const range =
    bounds.low === bounds.high
      ? `exactly ${formatCount(bounds.low)}`
      : `${formatCount(bounds.low)} to ${formatCount(bounds.high)}`;
  if (!isWithinBounds)
    warnings.push(
      `(!) ${row.variant}: ${formatCount(kept)} traces arrived where ${range} were to be expected (99.9 % binomial range): spans were lost, or the sampler is off${kept === 0 ? ', or they were not sent to OTEL_EXPORTER_OTLP_ENDPOINT as protobuf over HTTP' : ''}.`,
    );
  if (rootless > 0) warnings.push(`${row.variant}: ${formatCount(rootless)} traces arrived without their root span.`);
  return warnings;
}

/** What belongs to one table, under it. */
export function notesOf(summary: WorkloadSummary, result: OverheadResult): string[] {
  return [
    ...(summary.trend === undefined ? [] : [describeTrend(summary.trend)]),
    controlNote(summary),
    regimeNote(summary, result.regime),
  ];
}

/** How the load was made, in short: runs of different regimes are not comparable. */
export function describeRegime({ connections, exportDelayMs }: Regime): string {
  return `${connections} connections, spans sent every ${exportDelayMs} ms`;
}

function regimeNote(summary: WorkloadSummary, { connections }: Regime): string {
  const load = `closed loop, ${connections} connections, warm (${formatDuration(summary.warmUpMs)} of load for each set after every start); blocks of ${formatCount(summary.requestsPerBlock)} requests (about ${summary.blockMs} ms)`;
  const order =
    summary.design === 'side by side'
      ? `in random order over all variants, the same number for each set in a round, all sets alive side by side, each block compared with ${summary.baseline} of its round`
      : `the same number for each variant; one set alive at a time, since there is one port: in every restart the variants were started, measured and stopped in random order, and are compared with ${summary.baseline} of that restart, not of the same seconds: intervals are wider than side by side ($PORT in --url)`;
  const starts = `${formatCounted(summary.restarts, 'start')} of all processes, ${formatCounted(summary.rounds, 'round')}`;
  const processes = summary.processesPerSet === undefined ? '' : `; ${summary.processesPerSet} processes a set`;
  return `Regime: ${load} ${order}; ${starts}${processes}.`;
}

const READING_NOTES: readonly string[] = [
  "CPU: user and system time of the set's processes, export of spans included; the sink and the load generator are not in it.",
  'Intervals: 95 %, bootstrap over restarts, each the mean of its rounds, widened for so few restarts.',
  "MDE: how far the control row's interval reaches from zero, or half of the row's own interval where that is more; a smaller cost would not have been seen.",
  'Throughput: what the closed loop reached on cores shared with the generator and the sink.',
  'Traces kept: those whose root span reached the sink; (!) marks a count outside the 99.9 % binomial range of requests x rate.',
];

const DAPPER_NOTE = `Dapper: Sigelman et al. 2010, Table 2: average latency (error ${DAPPER_ERROR_PERCENT.latency} %) and throughput (error ${DAPPER_ERROR_PERCENT.throughput} %) of a Web search cluster. Theirs, not ours: figures below their error show nothing.`;

const TRACER_NOTES: readonly string[] = [
  'API only, api: the official HTTP, undici and Fastify instrumentation with nothing but @opentelemetry/api behind it; otel: the same with the official Node SDK, exporting OTLP over HTTP; lab, and the rates alone: our tracer.',
  "lab over otel: what the lab's tracer adds over what the official SDK adds; Fieller's 95 % interval over restarts.",
];

const SERVICE_NOTES: readonly string[] = [
  "Of a service's process, and of all that it starts, CPU is what the operating system tells, in steps of 10 ms: a block of little CPU is noisier for it.",
  'Traces: where a variant says which share it keeps; the sink takes OTLP over HTTP with protobuf, and nothing of a JSON or gRPC exporter.',
];

/** How to read the tables of a comparison. */
export function readingNotes(comparison: ComparisonName): readonly string[] {
  if (comparison === 'service') return [...READING_NOTES, ...SERVICE_NOTES];
  return comparison === 'rates'
    ? [...READING_NOTES, ...TRACER_NOTES, DAPPER_NOTE]
    : [...READING_NOTES, ...TRACER_NOTES];
}

/** The second row: the baseline once more. */
function controlOf(summary: WorkloadSummary): Row | undefined {
  return summary.rows[1];
}

function controlNote(summary: WorkloadSummary): string {
  const row = controlOf(summary);
  const what = `Control: "${row?.variant}" is a second set, equal to that of ${summary.baseline}`;
  const added = row?.difference?.addedUs;
  if (added === undefined || !isBounded(added)) return `${what}.`;
  const bias = excludesZero(added)
    ? ' It should hold zero and does not: take a difference of that size for noise.'
    : '';
  return `${what}; its difference of ${formatAdded(added)} µs is this machine's noise, ${formatNumber(summary.control.widthPercent)} % of ${summary.baseline} wide (limit ${CONTROL_WIDTH_PERCENT_MAX} %).${bias}`;
}

/** What the figures belong to, the noise of the run among it: name and value, for a line or a page. */
export function machineFacts(machine: MeasuredMachine, summaries: readonly WorkloadSummary[]): [string, string][] {
  return [
    ['CPU', `${machine.cpuModel}, ${machine.cores} cores`],
    ['governor', machine.governor ?? 'not told'],
    ['memory', `${formatNumber(machine.memoryBytes / 1024 ** 3)} GiB`],
    ['system', machine.platform],
    ['Node', machine.node],
    ['load average', `${machine.loadAverageBefore.toFixed(2)} before, ${machine.loadAverageAfter.toFixed(2)} after`],
    ...summaries.map((summary): [string, string] => [`noise of ${summary.workload}`, noiseOf(summary)]),
  ];
}

/** By the control row, which compares two equal sets. */
function noiseOf({ control, baseline }: WorkloadSummary): string {
  return Number.isFinite(control.widthPercent)
    ? `±${formatNumber(control.minimumDetectableUs)} µs, ${formatNumber(control.widthPercent)} % of ${baseline} wide`
    : 'no interval';
}

export function machineLine({ machine, startedAt }: OverheadResult, summaries: readonly WorkloadSummary[]): string {
  const facts = machineFacts(machine, summaries).map(([name, value]) => (name === 'CPU' ? value : `${name} ${value}`));
  return `Machine: ${startedAt}; ${facts.join('; ')}.`;
}

export function completenessLine(result: OverheadResult): string | undefined {
  return result.complete
    ? undefined
    : `INCOMPLETE: the run was ended after ${formatDuration(result.durationMs)}; what was measured until then is below.`;
}
