import type { Explanation, PolicyVote } from '@tracelab/protocol';

/** Why a trace was kept or dropped, in the words of `npm run lab -- explain`. */
export const TRIGGER_WORDS = {
  root: 'its root had come, and the wait after it was over',
  wait: 'the wait from its first span was over',
  early: 'the buffer was full: with what was there',
  end: 'the collector ended: with what was there',
} as const satisfies Record<Explanation['trigger'], string>;

export const VOTE_WORDS = {
  sampled: 'keep',
  notSampled: 'no',
  dropped: 'drop',
  error: 'error',
  notAsked: 'not asked',
} as const satisfies Record<PolicyVote['vote'], string>;

/** `Kept, by slow`; a policy that is no longer written down has no name. */
export function describeVerdict({ decision, decidedBy }: Explanation): string {
  if (decision === 'notSampled') return 'Sampled out: no policy said sampled';
  if (decision === 'dropped') return `Dropped by ${decidedBy === '' ? 'a policy' : decidedBy}`;
  return decidedBy === '' ? 'Kept' : `Kept, by ${decidedBy}`;
}

export interface VoteRow {
  vote: PolicyVote;
  /** The names of the policies around it, the outermost first. */
  around: readonly string[];
  isDeciding: boolean;
}

/** Each policy followed by those inside it, in the order in which they were asked; at most one decided. */
export function listVotes({ policies, decision }: Explanation): VoteRow[] {
  const deciding = decision === 'notSampled' ? undefined : policies.find(({ vote }) => vote === decision);
  const rowsOf = (votes: readonly PolicyVote[], around: readonly string[]): VoteRow[] =>
    votes.flatMap((vote) => [
      { vote, around, isDeciding: vote === deciding },
      ...rowsOf(vote.policies, [...around, vote.name]),
    ]);
  return rowsOf(policies, []);
}
