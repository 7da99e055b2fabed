import { median, ratioOfAdded, type Interval } from '@tracelab/model';
import { isSuccess, summarizeShots } from '../../measure/shots-summary.ts';
import { SENDERS, type ComparisonResult, type Sender, type SenderRun } from './result.ts';

/** The medians of both senders may differ by this share (the load lab's promise). */
export const P50_DIFFERENCE_MAX = 0.05;

/** What one run says, from the actual send of each request: k6 knows no intended start. */
export interface RunFigures {
  round: number;
  sender: Sender;
  requests: number;
  p50Us: number;
  p99Us: number;
  /** Requests that were not sent, or not answered with 2xx: then the two did not get the same answers. */
  failed: number;
}

export interface Repeats {
  medianUs: number;
  minUs: number;
  maxUs: number;
}

export interface Comparison {
  runs: RunFigures[];
  /** p50 of attack over that of k6, Fieller's interval over the rounds in which both ran. */
  p50Ratio: Interval;
  p99: Record<Sender, Repeats>;
  /** How far the medians of the p99s are apart, and how far attack's own p99s are. */
  p99DifferenceUs: number;
  p99SpreadUs: number;
  /** Both false where anything failed, or nothing was measured. */
  isP50Met: boolean;
  isP99Met: boolean;
}

/** Undefined where there is no round in which both senders ran. */
export function compareSenders({ runs }: ComparisonResult): Comparison | undefined {
  const figures = runs.map(figuresOf);
  const pairs = pairsOf(figures);
  if (pairs.length === 0) return undefined;
  const p50Ratio = ratioOfAdded(pairs.map(({ attack, k6 }) => ({ numerator: attack.p50Us, denominator: k6.p50Us })));
  const p99 = {
    attack: repeatsOf(pairs.map((pair) => pair.attack.p99Us)),
    k6: repeatsOf(pairs.map((pair) => pair.k6.p99Us)),
  };
  const p99DifferenceUs = Math.abs(p99.attack.medianUs - p99.k6.medianUs);
  const p99SpreadUs = p99.attack.maxUs - p99.attack.minUs;
  const isSound = figures.every((run) => run.failed === 0);
  return {
    runs: figures,
    p50Ratio,
    p99,
    p99DifferenceUs,
    p99SpreadUs,
    isP50Met: isSound && Math.abs(p50Ratio.estimate - 1) <= P50_DIFFERENCE_MAX,
    isP99Met: isSound && p99DifferenceUs <= p99SpreadUs,
  };
}

function figuresOf({ round, sender, shots }: SenderRun): RunFigures {
  const { requests, latencyFromSend } = summarizeShots(shots);
  const failed = shots.status.filter((status) => !isSuccess(status)).length;
  return { round, sender, requests, p50Us: latencyFromSend.p50Us, p99Us: latencyFromSend.p99Us, failed };
}

function pairsOf(figures: readonly RunFigures[]): Record<Sender, RunFigures>[] {
  const rounds = [...new Set(figures.map((run) => run.round))];
  return rounds.flatMap((round) => {
    const [attack, k6] = SENDERS.map((sender) => figures.find((run) => run.round === round && run.sender === sender));
    return attack === undefined || k6 === undefined ? [] : [{ attack, k6 }];
  });
}

function repeatsOf(valuesUs: readonly number[]): Repeats {
  return { medianUs: median(valuesUs), minUs: Math.min(...valuesUs), maxUs: Math.max(...valuesUs) };
}
