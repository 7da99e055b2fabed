import { drawTextTable } from '@tracelab/command';
import { formatCount } from '../../report/format.ts';
import { isBounded } from '../../report/interval.ts';
import { measuredOn } from '../../report/measured-on.ts';
import { P50_DIFFERENCE_MAX, type Comparison, type Repeats } from './compare.ts';
import type { ComparisonResult } from './result.ts';

/** Each run, what both senders make of the same server, and the two verdicts. */
export function renderComparison(result: ComparisonResult, comparison: Comparison): string {
  const { machine } = result;
  return [
    `attack and ${result.k6} against a server of ${result.delayMs} ms, ${result.requestsPerSecond} requests/s, ${result.durationS} s each, in random order`,
    ...(result.complete ? [] : ['ENDED EARLY: this is what was measured until then.']),
    drawTextTable(runsTable(comparison)),
    [describeP50(comparison), ...describeP99(comparison), ...describeFailures(comparison)].join('\n'),
    'Latency: from when a request was really sent to the whole answer, since k6 knows no intended start.',
    `${measuredOn(result)}; load average ${machine.loadAverageBefore.toFixed(2)} before; seed ${result.seed}`,
  ].join('\n\n');
}

function runsTable({ runs }: Comparison): Parameters<typeof drawTextTable>[0] {
  const right = (heading: string) => ({ heading, align: 'right' as const });
  return {
    columns: [
      right('round'),
      { heading: 'sender', align: 'left' },
      right('requests'),
      right('p50 ms'),
      right('p99 ms'),
    ],
    rows: runs.map(({ round, sender, requests, p50Us, p99Us }) => [
      String(round),
      sender,
      formatCount(requests),
      milliseconds(p50Us),
      milliseconds(p99Us),
    ]),
  };
}

function describeP50({ p50Ratio, isP50Met }: Comparison): string {
  const { estimate, low, high } = p50Ratio;
  const bounds = isBounded(p50Ratio) ? `${low.toFixed(3)}..${high.toFixed(3)}` : 'no interval';
  const [least, most] = [1 - P50_DIFFERENCE_MAX, 1 + P50_DIFFERENCE_MAX];
  const isSure = low >= least && high <= most;
  const verdict = isP50Met ? `met${isSure ? '' : ', but not surely'}` : 'NOT MET';
  return `p50, attack over k6: ${estimate.toFixed(3)} [${bounds}]; target ${least.toFixed(2)}..${most.toFixed(2)}: ${verdict}`;
}

function describeP99({ p99, p99DifferenceUs, p99SpreadUs, isP99Met }: Comparison): string[] {
  const range = ({ medianUs, minUs, maxUs }: Repeats): string =>
    `${milliseconds(medianUs)} ms [${milliseconds(minUs)}..${milliseconds(maxUs)}]`;
  return [
    `p99, median of the runs [least..greatest]: attack ${range(p99.attack)}, k6 ${range(p99.k6)}`,
    `they are ${milliseconds(p99DifferenceUs)} ms apart, attack's own runs ${milliseconds(p99SpreadUs)} ms; target: not farther apart than those: ${isP99Met ? 'met' : 'NOT MET'}`,
  ];
}

function describeFailures({ runs }: Comparison): string[] {
  return runs
    .filter((run) => run.failed > 0)
    .map(
      ({ round, sender, failed }) =>
        `${sender} in round ${round}: ${formatCount(failed)} requests were not sent or not answered with 2xx, so nothing is met`,
    );
}

function milliseconds(us: number): string {
  return Number.isNaN(us) ? '-' : (us / 1000).toFixed(2);
}
