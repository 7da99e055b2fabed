import { THRESHOLD_ALWAYS, THRESHOLD_NEVER } from '@tracelab/protocol';
import type { TraceView } from '../buffer/trace-view.ts';
import type { Threshold } from '../probability/threshold.ts';

/** `error`: the policy could not say; it is counted and is no vote. */
export type Vote = 'sampled' | 'notSampled' | 'dropped' | 'error';

/** What became of a trace. */
export type Decision = Exclude<Vote, 'error'>;

/** A vote, with the threshold from which on the trace's randomness would have made it `sampled`. */
export interface Verdict {
  readonly vote: Vote;
  readonly threshold: Threshold;
}

/** A decision, with the threshold that a trace like this one has to reach: what makes a kept one stand for several. */
export interface Ruling {
  readonly decision: Decision;
  readonly threshold: Threshold;
  /** The policies would have kept it; the store had no room for all of them. */
  readonly isShed?: boolean;
}

/** What a policy looked at when it voted: the value that is compared with its limit. */
export type Observed = number | bigint | boolean | string;

/** Where a policy writes what it looks at; the last value counts. */
export type Observe = (observed: Observed) => void;

export interface PolicyContext {
  /** Monotonic; what the limits' seconds are counted by. */
  nowMs: () => number;
  observe: Observe;
}

export type VoteOn = (trace: TraceView) => Verdict;

export interface Policy {
  /** As it is written in the configuration. */
  name: string;
  /** It drops, and never keeps anything by itself. */
  isDrop: boolean;
  voteOn: VoteOn;
}

export const SAMPLED: Verdict = { vote: 'sampled', threshold: THRESHOLD_ALWAYS };
export const NOT_SAMPLED: Verdict = { vote: 'notSampled', threshold: THRESHOLD_NEVER };
/** Of a policy that chooses by something else than the trace's randomness. */
export const SAMPLED_SOMEHOW: Verdict = { vote: 'sampled', threshold: undefined };
export const NOT_SAMPLED_SOMEHOW: Verdict = { vote: 'notSampled', threshold: undefined };
export const ERROR: Verdict = { vote: 'error', threshold: THRESHOLD_NEVER };

/** Of a policy that looks at the trace alone. */
export function sampledIf(isMatch: boolean): Verdict {
  return isMatch ? SAMPLED : NOT_SAMPLED;
}

export function sampledSomehowIf(isChosen: boolean): Verdict {
  return isChosen ? SAMPLED_SOMEHOW : NOT_SAMPLED_SOMEHOW;
}
