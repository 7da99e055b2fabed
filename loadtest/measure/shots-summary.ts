import { NOT_SENT, NO_ANSWER, UNFINISHED, type Shots } from '../attack/shots.ts';
import { quantile } from './quantile.ts';

/** A sender that is later than this with more than one request in a hundred measures itself … */
export const LATENESS_P99_US_MAX = 2000;
/** … unless that is a small share of the p99 of the latencies, of which it is a part: on a busy laptop a slow target is still told. */
const LATENESS_SHARE_MAX = 0.1;

/** What became of the requests, and how long the answered ones took. */
export interface ShotsSummary {
  /** All that were due: answered + noAnswer + notSent + unfinished. */
  requests: number;
  /** By status. */
  answers: { status: number; count: number }[];
  answered: number;
  succeeded: number;
  noAnswer: number;
  notSent: number;
  unfinished: number;
  /** Sent a second, and answered 2xx a second, between the first intended start and the last answer. */
  sentPerSecond: number;
  succeededPerSecond: number;
  /** Of the sender. */
  lateness: Spread;
  /** What p99 of the lateness may be: LATENESS_P99_US_MAX, or a tenth of the latencies' p99 where that is more. */
  latenessP99UsMax: number;
  /** Whether the latencies are the target's: the sender kept its schedule and sent all that was due. */
  isKeptUp: boolean;
  /** From the intended start, of all answered requests, whatever their status. */
  latency: Spread;
  /** The same from when they were really sent. */
  latencyFromSend: Spread;
}

/** Microseconds; NaN where there are too few values for the quantile to be one of them and not the greatest. */
export interface Spread {
  p50Us: number;
  p90Us: number;
  p99Us: number;
  p999Us: number;
  maxUs: number;
}

export function summarizeShots(shots: Shots): ShotsSummary {
  const count = (status: number): number => shots.status.filter((other) => other === status).length;
  const answers = countAnswers(shots.status);
  const answered = answers.reduce((sum, answer) => sum + answer.count, 0);
  const succeeded = answers.reduce((sum, { status, count: some }) => sum + (isSuccess(status) ? some : 0), 0);
  const notSent = count(NOT_SENT);
  const requests = shots.status.length;
  const seconds = lastEndUs(shots) / 1e6;
  // One request alone, at the very start and never answered, has no rate.
  const perSecond = (count: number): number => (seconds > 0 ? count / seconds : 0);
  const isAnswered = shots.status.map((status) => status > 0);
  const latenciesUs = sorted(shots.latencyUs.filter((_, index) => isAnswered[index]));
  const latenessesUs = sorted(shots.latenessUs);
  const latenessP99UsMax = Math.max(LATENESS_P99_US_MAX, LATENESS_SHARE_MAX * (quantile(latenciesUs, 0.99) || 0));
  return {
    requests,
    answers,
    answered,
    succeeded,
    noAnswer: count(NO_ANSWER),
    notSent,
    unfinished: count(UNFINISHED),
    sentPerSecond: perSecond(requests - notSent),
    succeededPerSecond: perSecond(succeeded),
    lateness: spreadOf(latenessesUs),
    latenessP99UsMax,
    isKeptUp: notSent === 0 && !(quantile(latenessesUs, 0.99) > latenessP99UsMax),
    latency: spreadOf(latenciesUs),
    latencyFromSend: spreadOf(
      sorted(
        shots.latencyUs
          .map((latencyUs, index) => latencyUs - (shots.latenessUs[index] ?? 0))
          .filter((_, index) => isAnswered[index]),
      ),
    ),
  };
}

export function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

function countAnswers(statuses: readonly number[]): { status: number; count: number }[] {
  const counts = new Map<number, number>();
  for (const status of statuses) if (status > 0) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts].map(([status, count]) => ({ status, count })).sort((one, other) => one.status - other.status);
}

/** The end of the last request that ended, or the last intended start. */
function lastEndUs({ dueUs, latencyUs }: Shots): number {
  return dueUs.reduce((last, due, index) => Math.max(last, due + (latencyUs[index] ?? 0)), 0);
}

function spreadOf(values: readonly number[]): Spread {
  const at = (share: number): number => (values.length * (1 - share) >= 1 ? quantile(values, share) : Number.NaN);
  return { p50Us: at(0.5), p90Us: at(0.9), p99Us: at(0.99), p999Us: at(0.999), maxUs: values.at(-1) ?? Number.NaN };
}

function sorted(values: readonly number[]): number[] {
  return values.toSorted((one, other) => one - other);
}
