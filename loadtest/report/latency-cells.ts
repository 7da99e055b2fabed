import { figureColumns, type TextTable } from '@tracelab/command';
import type { Interval } from '@tracelab/model';
import { LATENESS_P99_US_MAX } from '../measure/shots-summary.ts';
import { formatCount, formatCounted, formatNumber } from './format.ts';
import { isBounded } from './interval.ts';
import { judgeTarget } from './verdict.ts';
import type { LatencyRow, LatencySummary } from './latency-summary.ts';

/** The goal of the tracer (issue 5): p99 at 1/1 over the untraced p99. */
const P99_RATIO_MAX = 2;
const JUDGED = 'lab 1/1';
const NOT_REPORTED = 'did not keep up';

export function latencyTable(latency: LatencySummary): TextTable {
  return {
    columns: figureColumns('variant', 'p50 ms [95 %]', 'p99 ms [95 %]', 'p99 over none', 'CPU µs/request', 'blocks'),
    rows: latency.rows.map(cellsOf),
  };
}

function cellsOf({ variant, blocks, p50Us, p99Us, p99Ratio, cpuUsPerRequest }: LatencyRow): string[] {
  if (p50Us === undefined || p99Us === undefined || cpuUsPerRequest === undefined)
    return [variant, NOT_REPORTED, NOT_REPORTED, '-', '-', '0'];
  const ratio = p99Ratio === undefined ? '-' : formatWith(p99Ratio, 1, 2);
  const cpu = formatNumber(cpuUsPerRequest.estimate);
  return [variant, formatWith(p50Us, 1000, 2), formatWith(p99Us, 1000, 2), ratio, cpu, String(blocks)];
}

function formatWith(interval: Interval, unit: number, digits: number): string {
  const text = (value: number): string => (value / unit).toFixed(digits);
  const range = isBounded(interval) ? `${text(interval.low)}..${text(interval.high)}` : 'no interval';
  return `${text(interval.estimate)} [${range}]`;
}

export function latencyNotes(latency: LatencySummary): string[] {
  const notes = [
    `Latency: open loop, ${formatCount(latency.requestsPerSecond)} requests/s evenly spaced, from the intended start, in a process of its own; ${formatCount(latency.requestsPerBlock)} requests a block; median of the blocks of a restart, mean over restarts.`,
  ];
  if (latency.blocksLeftOut > 0)
    notes.push(
      `${formatCounted(latency.blocksLeftOut, 'block')} of the open loop did not keep up and ${latency.blocksLeftOut === 1 ? 'is' : 'are'} left out: the sender was over ${LATENESS_P99_US_MAX / 1000} ms late with more than 1 % of the requests, or requests failed.`,
    );
  const judged = latency.rows.find((row) => row.variant === JUDGED)?.p99Ratio;
  if (judged !== undefined) {
    notes.unshift(
      `p99 of ${JUDGED} over that of none: ${formatWith(judged, 1, 2)}; target at most ${P99_RATIO_MAX}: ${judgeTarget(judged, P99_RATIO_MAX)}`,
    );
  }
  return notes;
}
