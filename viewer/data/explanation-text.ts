import { tooLargeWords } from '@tracelab/model';
import type { Explanation, PolicyVote } from '@tracelab/protocol';

/** `Kept, by slow`; a policy that is no longer written down has no name. */
export function describeVerdict({ decision, decidedBy, isShed, tooLarge }: Explanation): string {
  if (tooLarge !== undefined) return `Sampled out: ${tooLargeWords(tooLarge)}`;
  if (isShed) return 'Shed: the store was nearly full';
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
