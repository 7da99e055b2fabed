import { drawTextTable, figureColumns, type TextTable } from '@tracelab/command';
import type { AttackResult } from '../attack/result.ts';
import type { ShotsSummary, Spread } from '../measure/shots-summary.ts';
import { formatCount, formatNumber } from './format.ts';
import { measuredOn } from './measured-on.ts';

/** The report of an open-loop load, from its saved requests alone. */
export function renderAttack(result: AttackResult, summary: ShotsSummary): string {
  const { machine } = result;
  const parts = [
    `Open loop${result.sender === undefined ? '' : ` by ${result.sender}`}: ${result.load}`,
    ...(result.complete ? [] : ['ENDED EARLY: this is what was measured until then.']),
    ...(summary.isKeptUp ? [] : [notKeptUp(result, summary)]),
    ...(summary.requests === 0 ? ['No request was due: there is nothing to tell.'] : figures(result, summary)),
    `${measuredOn(result)}; load average ${machine.loadAverageBefore.toFixed(2)} before${result.seed === undefined ? '' : `; seed ${result.seed}`}`,
  ];
  return parts.join('\n\n');
}

function figures(result: AttackResult, summary: ShotsSummary): string[] {
  return [
    drawTextTable(requestsTable(result, summary)),
    ...timesTables(result, summary).map((table) => drawTextTable(table)),
    [
      `Sent ${formatNumber(summary.sentPerSecond)} requests/s, answered with 2xx ${formatNumber(summary.succeededPerSecond)}/s.`,
      ...legendOf(result),
    ].join('\n'),
  ];
}

const LEGEND_END = 'to the whole answer, of all answered requests; a quantile needs at least one request above it.';

function legendOf({ latencyFrom, senderCores }: AttackResult): string[] {
  if (latencyFrom === 'send')
    return [
      `From the send: from when the request was really sent ${LEGEND_END}`,
      'This sender does not tell when a request should have been sent: what waited for it in between is in no figure here.',
    ];
  const used = senderCores === undefined ? '' : `; it used ${senderCores.toFixed(2)} of a core`;
  return [
    `Latency: from the intended start ${LEGEND_END}`,
    `Lateness: how much later than intended this sender sent${used}.`,
  ];
}

function notKeptUp(
  { inFlightMax, sender }: AttackResult,
  { notSent, lateness, latenessP99UsMax }: ShotsSummary,
): string {
  const why =
    notSent > 0
      ? `${formatCount(notSent)} requests were due while ${inFlightMax} were unanswered, and were not sent${sender === undefined ? ' (--in-flight-max)' : ''}`
      : `it was more than ${milliseconds(latenessP99UsMax)} ms late with over 1 % of the requests (${worstOf(lateness)})`;
  return `THIS SENDER DID NOT KEEP UP: ${why}.\nThe latencies are not the target's alone and are not shown.`;
}

/** Fewer than a hundred requests have no p99 but a latest one. */
function worstOf({ p99Us, maxUs }: Spread): string {
  return Number.isNaN(p99Us) ? `the latest by ${milliseconds(maxUs)} ms` : `p99 ${milliseconds(p99Us)} ms`;
}

function requestsTable(result: AttackResult, summary: ShotsSummary): TextTable {
  const { requests, answers, noAnswer, notSent, unfinished } = summary;
  const row = (what: string, count: number): string[] => [
    what,
    formatCount(count),
    `${formatNumber((count * 100) / requests)} %`,
  ];
  const reasons = Object.entries(result.failures).map(([reason, count]) => `${reason} ${formatCount(count)}`);
  return {
    columns: figureColumns('requests', 'count', 'share'),
    rows: [
      ...answers.map(({ status, count }) => row(`answered ${status}`, count)),
      ...(noAnswer > 0 ? [row(`no answer (${reasons.join(', ')})`, noAnswer)] : []),
      ...(notSent > 0 ? [row('not sent', notSent)] : []),
      ...(unfinished > 0 ? [row('under way at the end', unfinished)] : []),
      row('all that were due', requests),
    ],
  };
}

/** None where there is nothing that it could tell. */
function timesTables({ latencyFrom }: AttackResult, summary: ShotsSummary): TextTable[] {
  const { latency, latencyFromSend, lateness, isKeptUp } = summary;
  const row = (what: string, { p50Us, p90Us, p99Us, p999Us, maxUs }: Spread): string[] => [
    what,
    ...[p50Us, p90Us, p99Us, p999Us, maxUs].map(milliseconds),
  ];
  const isFromSend = latencyFrom === 'send';
  const latencies = isFromSend ? row('from the send', latencyFromSend) : row('latency', latency);
  const rows = [...(isKeptUp ? [latencies] : []), ...(isFromSend ? [] : [row('lateness', lateness)])];
  return rows.length === 0 ? [] : [{ columns: figureColumns('ms', 'p50', 'p90', 'p99', 'p99.9', 'max'), rows }];
}

/** Two decimals below 10 ms, and a dash for what there were too few requests for. */
function milliseconds(us: number): string {
  if (Number.isNaN(us)) return '-';
  return us < 9995 ? (us / 1000).toFixed(2) : formatNumber(us / 1000);
}
