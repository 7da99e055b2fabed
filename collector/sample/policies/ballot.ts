import type { Observe, Observed, Vote } from './policy.ts';

/** `notAsked`: somebody before it had decided already. */
export type BallotVote = Vote | 'notAsked';

/** What one policy, or one inside another, is told to write. */
export interface BallotLine {
  observe: Observe;
  record: (vote: Vote) => Vote;
}

/**
 * Who voted what on the trace that was decided last, and what each policy saw: one line for each policy in the order of the
 * configuration, each followed by those inside it. One object for all traces, since a decision should cost no memory.
 */
export class Ballot {
  readonly votes: BallotVote[] = [];
  readonly observed: (Observed | undefined)[] = [];

  addLine(): BallotLine {
    const index = this.votes.push('notAsked') - 1;
    this.observed.push(undefined);
    return {
      observe: (observed) => void (this.observed[index] = observed),
      record: (vote) => (this.votes[index] = vote),
    };
  }

  /** Before a trace is voted on. */
  begin(): void {
    this.votes.fill('notAsked');
    this.observed.fill(undefined);
  }
}
