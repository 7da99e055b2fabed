import type { TraceView } from '../buffer/trace-view.ts';

/** `error`: the policy could not say; it is counted and is no vote. */
export type Vote = 'sampled' | 'notSampled' | 'dropped' | 'error';

/** What became of a trace. */
export type Decision = Exclude<Vote, 'error'>;

/** What a policy looked at when it voted: the value that is compared with its limit. */
export type Observed = number | bigint | boolean | string;

/** Where a policy writes what it looks at; the last value counts. */
export type Observe = (observed: Observed) => void;

export interface PolicyContext {
  /** Monotonic; what the limits' seconds are counted by. */
  nowMs: () => number;
  observe: Observe;
}

export type VoteOn = (trace: TraceView) => Vote;

export interface Policy {
  /** As it is written in the configuration. */
  name: string;
  vote: VoteOn;
}

export function sampledIf(isMatch: boolean): Vote {
  return isMatch ? 'sampled' : 'notSampled';
}
