import type { Threshold } from '../probability/threshold.ts';
import type { Observe, Observed, Verdict, Vote } from './policy.ts';

/** `notAsked`: somebody before it had decided already. */
export type BallotVote = Vote | 'notAsked';

/** What one policy, or one inside another, is told to write. */
export interface BallotLine {
  observe: Observe;
  record: (verdict: Verdict) => Verdict;
}

/**
 * Who voted what on the trace that was decided last, and what each policy saw: one line for each policy in the order of the
 * configuration, each followed by those inside it. One object for all traces, since a decision should cost no memory.
 */
export class Ballot {
  readonly votes: BallotVote[] = [];
  readonly thresholds: Threshold[] = [];
  readonly observed: (Observed | undefined)[] = [];

  addLine(): BallotLine {
    const index = this.votes.push('notAsked') - 1;
    this.thresholds.push(undefined);
    this.observed.push(undefined);
    return {
      observe: (observed) => void (this.observed[index] = observed),
      record: (verdict) => {
        this.votes[index] = verdict.vote;
        this.thresholds[index] = verdict.threshold;
        return verdict;
      },
    };
  }

  /** Before a trace is voted on. */
  begin(): void {
    this.votes.fill('notAsked');
    this.thresholds.fill(undefined);
    this.observed.fill(undefined);
  }
}
