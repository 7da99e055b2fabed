import type { Bits56 } from '@tracelab/protocol';
import type { TooLarge, Trigger } from '../sample/decision-tap.ts';
import type { BallotVote } from '../sample/policies/ballot.ts';
import type { Decision, Observed, Ruling } from '../sample/policies/policy.ts';
import type { Threshold } from '../sample/probability/threshold.ts';

/** What is written of a decision. Texts and numbers that the configuration knows are not in it: they are found by its hash. */
export interface DecisionRecord {
  decidedAtUnixMs: number;
  ruling: Ruling;
  trigger: Trigger;
  lagMs: number;
  configHash: string;
  spanCount: number;
  errorCount: number;
  durationNano: bigint;
  root: { service: string; name: string } | undefined;
  missingParents: number;
  /** T of the samplers before. */
  arrivalThreshold: Threshold;
  /** The `rv` of its spans; undefined where the trace id is its randomness. */
  explicitRandomness: Bits56 | undefined;
  /** Absent where its size did not matter. */
  tooLarge?: TooLarge;
  /** A line for each policy, those inside others behind them. */
  votes: VoteRecord[];
}

export interface VoteRecord {
  vote: BallotVote;
  /** Of a choice by randomness; undefined of all others. */
  threshold: Bits56 | undefined;
  observed: Observed | undefined;
}

/** What is written of spans that came after the decision. */
export interface LateRecord {
  lateAtUnixMs: number;
  lateSpanCount: number;
}

/** Field numbers of the record, a protobuf message: what a later version adds is skipped by an earlier one. */
export const RECORD = {
  decidedAtUnixMs: 1,
  decision: 2,
  trigger: 3,
  lagUs: 4,
  configHash: 5,
  spanCount: 6,
  errorCount: 7,
  durationNano: 8,
  rootService: 9,
  rootName: 10,
  missingParents: 11,
  /** A byte for each line of the ballot. */
  votes: 12,
  observed: 13,
  lateAtUnixMs: 14,
  lateSpanCount: 15,
  threshold: 16,
  isShed: 17,
  explicitRandomness: 18,
  voteThreshold: 19,
  arrivalThreshold: 20,
  isArrivalUnknown: 21,
  sizeBytes: 30,
  sizeBytesMax: 31,
} as const;
/** 56 bits. */
export const BITS = { high: 1, low: 2, line: 3 } as const;
export const OBSERVED = { line: 1, number: 2, int: 3, bool: 4, text: 5 } as const;

export const DECISIONS: readonly Decision[] = ['notSampled', 'sampled', 'dropped'];
export const TRIGGERS: readonly Trigger[] = ['root', 'wait', 'early', 'end', 'size'];
export const VOTES: readonly BallotVote[] = ['notAsked', 'notSampled', 'sampled', 'dropped', 'error'];
