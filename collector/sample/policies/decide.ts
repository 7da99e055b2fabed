import { THRESHOLD_NEVER, type Bits56 } from '@tracelab/protocol';
import type { TraceView } from '../buffer/trace-view.ts';
import { isAlways, isDefinite, lowerOf, type Threshold } from '../probability/threshold.ts';
import type { Ballot } from './ballot.ts';
import { NOT_SAMPLED, SAMPLED, type Policy, type Ruling, type Verdict } from './policy.ts';

/** Tells of every policy that could not say anything. */
export type Decide = (trace: TraceView, onError: (policy: string) => void) => Ruling;

export interface DecideOptions {
  /** Whoever comes behind the first that says sampled is not asked. */
  isFirstMatchEnough: boolean;
  /** A trace that a policy could not judge is kept; upstream it is no vote, and the trace may go without a trace. */
  isErrorKept: boolean;
}

/**
 * contrib's precedence (processor.go, makeDecision, 0.158): policies that drop are asked first, whatever their place, and the first
 * that drops ends it; then one that says sampled is enough; no policy keeps nothing. Where the first match is enough, it also spares
 * the budget of the limits behind it. The ballot holds the votes until the next trace.
 */
export function createDecide(policies: readonly Policy[], ballot: Ballot, options: DecideOptions): Decide {
  const tally = new Tally();
  return (trace, onError) => {
    ballot.begin();
    tally.begin();
    for (const policy of policies) {
      let verdict = policy.voteOn(trace);
      if (verdict.vote === 'error') {
        onError(policy.name);
        verdict = options.isErrorKept && !policy.isDrop ? SAMPLED : NOT_SAMPLED;
      }
      if (verdict.vote === 'dropped') return { decision: 'dropped', threshold: undefined };
      if (policy.isDrop) tally.spare(verdict);
      else tally.add(verdict);
      if (verdict.vote !== 'sampled' || !options.isFirstMatchEnough) continue;
      if (policy !== policies.at(-1)) tally.leaveOthers();
      break;
    }
    return tally.ruling();
  };
}

/** What the verdicts on one trace come to: one that keeps it is enough, so that the lowest threshold is that of the trace. One object for all traces. */
class Tally {
  #isSampled = false;
  #lowest: Bits56 = THRESHOLD_NEVER;
  /** One of unknown probability has voted: only who keeps every trace like this makes up for it. */
  #isUnknown = false;
  /** Chance has kept it from being dropped, and nothing makes up for that. */
  #isSpared = false;

  begin(): void {
    this.#isSampled = this.#isUnknown = this.#isSpared = false;
    this.#lowest = THRESHOLD_NEVER;
  }

  add({ vote, threshold }: Verdict): void {
    this.#isSampled ||= vote === 'sampled';
    if (threshold === undefined) this.#isUnknown = true;
    else this.#lowest = lowerOf(this.#lowest, threshold);
  }

  spare({ threshold }: Verdict): void {
    this.#isSpared ||= !isDefinite(threshold);
  }

  /** They might have kept it from a lower threshold on. */
  leaveOthers(): void {
    this.#isUnknown = true;
  }

  ruling(): Ruling {
    return { decision: this.#isSampled ? 'sampled' : 'notSampled', threshold: this.#threshold() };
  }

  #threshold(): Threshold {
    if (this.#isSpared) return undefined;
    return this.#isUnknown && !isAlways(this.#lowest) ? undefined : this.#lowest;
  }
}
