import { drawTextTable, type TextTable } from '@tracelab/command';
import { summarizeCollectorCost, type CollectorCostSummary, type CollectorLoadCost } from '@tracelab/model';
import type { CollectorCostResult, CollectorLoad } from '@tracelab/protocol';
import { formatCount, formatDuration, formatInterval, formatNumber } from '../report/format.ts';
import { runLine } from '../report/measured-on.ts';
import { DAPPER_TABLE_1 } from './dapper.ts';

const NONE = '-';

/** The report of a saved result, and of nothing else. */
export function renderCollectorCost(result: CollectorCostResult): string {
  const summaries = summarizeCollectorCost(result);
  const measured = summaries.filter(({ loads }) => loads.length > 0);
  const parts = ["What a collector costs, after Dapper's Table 1"];
  if (!result.complete)
    parts.push(`INCOMPLETE: ended after ${formatDuration(result.durationMs)}; this is what was measured until then.`);
  parts.push(measured.length === 0 ? 'No round was completed.' : drawTextTable(costTable(measured)));
  const lines = figureLines(summaries);
  if (lines.length > 0) parts.push(lines.join('\n'), notes(result, summaries));
  parts.push(runLine(result));
  return parts.join('\n\n');
}

function costTable(summaries: readonly CollectorCostSummary[]): TextTable {
  const right = (heading: string): TextTable['columns'][number] => ({ heading, align: 'right' });
  return {
    columns: [
      { heading: 'load', align: 'left' },
      { heading: 'collector', align: 'left' },
      right('spans/s'),
      right('KB/s'),
      right('CPU, % of one core [95 %]'),
      right('CPU µs/span [95 %]'),
      right('RSS MB'),
      right('Pss MB'),
      right("Dapper's daemon"),
    ],
    rows: orderByLoad(summaries).map(({ collector, cost }) => [
      cost.load,
      collector,
      cost.load === 'idle' ? NONE : formatCount(cost.spansPerSecond),
      cost.load === 'idle' ? NONE : formatCount(cost.bytesPerSecond / 1000),
      formatInterval(cost.corePercent, formatFine),
      cost.cpuUsPerSpan === undefined ? NONE : formatInterval(cost.cpuUsPerSpan),
      megabytes(cost.residentBytes),
      cost.proportionalBytes === undefined ? NONE : megabytes(cost.proportionalBytes),
      dapperCell(cost.load),
    ]),
  };
}

/** The collectors' rows of one load stand together. */
function orderByLoad(summaries: readonly CollectorCostSummary[]): { collector: string; cost: CollectorLoadCost }[] {
  const rows = summaries.flatMap(({ collector, loads }) => loads.map((cost) => ({ collector, cost })));
  return [...Map.groupBy(rows, ({ cost }) => cost.load).values()].flat();
}

function dapperCell(load: CollectorLoad): string {
  return load === 'idle' || load === 'saturated' ? NONE : `${DAPPER_TABLE_1[load].corePercent.toFixed(3)} %`;
}

function figureLines(summaries: readonly CollectorCostSummary[]): string[] {
  return summaries.flatMap((summary) => [...saturationLine(summary), ...bufferLine(summary)]);
}

function saturationLine({ collector, loads }: CollectorCostSummary): string[] {
  const cost = loads.find(({ load }) => load === 'saturated');
  if (cost?.cpuUsPerSpan === undefined) return [];
  const perCore = formatCount(1e6 / cost.cpuUsPerSpan.estimate);
  const refused = cost.refusals === 0 ? '' : `; ${formatCount(cost.refusals)} requests refused`;
  return [
    `${collector}: ${formatInterval(cost.cpuUsPerSpan)} µs of CPU a span when saturated, so one core would take ${perCore} spans/s; ${formatNumber(cost.spanBytes)} B a span on the wire${refused}.`,
  ];
}

function bufferLine({ collector, buffer }: CollectorCostSummary): string[] {
  if (buffer === undefined) return [];
  const { countedBytesPerSpan } = buffer;
  const counted = countedBytesPerSpan === undefined ? '' : ` (it counts ${formatNumber(countedBytesPerSpan)} B itself)`;
  return [
    `${collector}: ${megabytes(buffer.idleBytes)} MB resident before it got anything, ${megabytes(buffer.warmBytes)} MB warm, and ${formatInterval(buffer.bytesPerSpan)} B for each undecided span of ${formatNumber(buffer.spanBytes)} B${counted}.`,
  ];
}

function notes(result: CollectorCostResult, summaries: readonly CollectorCostSummary[]): string {
  const [first] = summaries;
  return [
    ...result.collectors.map(({ name, version, pipeline }) => `${name} ${version}: ${pipeline}.`),
    `Loads: processes x data rate of each, OTLP protobuf over HTTP, uncompressed, open loop, about a batch a second from each; saturated: the next batch of 512 spans when the last was answered. Traces of 10 spans over 5 processes, 5 to 12 attributes.`,
    'CPU: user and system time of the collector alone, from the operating system, until all of the load was decided and passed on; per cent: over the time of the load, at rest included; µs/span: beyond what it takes at rest (idle, the control row).',
    `Intervals: 95 %, bootstrap over starts (${first?.restarts ?? 0}, ${first?.rounds ?? 0} rounds), blocks in random order over loads and collectors, everything warm.`,
    'Dapper: Sigelman et al. 2010, Table 1: CPU of a daemon that reads local files and writes to Bigtable, "K/sec" read as kilobytes a second. Theirs, not ours: another thing on another machine.',
  ]
    .map((note) => `  ${note}`)
    .join('\n');
}

function megabytes(bytes: number): string {
  return formatNumber(bytes / 1e6);
}

/** Dapper's figures are fractions of a per cent. */
function formatFine(value: number): string {
  return Math.abs(value) < 1 ? value.toFixed(3) : Math.abs(value) < 10 ? value.toFixed(2) : formatNumber(value);
}
