import { THRESHOLD_NEVER, type Bits56 } from '@tracelab/protocol';
import type { TraceView } from '../../buffer/trace-view.ts';
import { thresholdOfShare } from '../../probability/choose-share.ts';
import { higherOf, lowerOf } from '../../probability/threshold.ts';
import type { CompositePlan } from '../composite.ts';
import { NOT_SAMPLED_SOMEHOW, SAMPLED_SOMEHOW, type PolicyContext, type Verdict, type VoteOn } from '../policy.ts';
import { Budget } from './budget.ts';
import { chooseByRandomness } from './chance.ts';

interface SubPolicy {
  voteOn: VoteOn;
  /** Undefined: no share at all. */
  budget: Budget | undefined;
}

/**
 * A trace that is over the share of one sub-policy is asked of the next (upstream stops there, #36959), and the total is that of all of them. Shares and
 * total are budgets: a second's spans, of which a second's may be saved. Each sub-policy keeps from the highest threshold of its own, its share and the
 * total; the lowest of them is the composite's. Observed is what is left of the total.
 */
export function createComposite(plan: CompositePlan, context: PolicyContext): VoteOn {
  const budgetOf = (perSecond: number): Budget => new Budget(perSecond, 2 * perSecond, context);
  const total = budgetOf(plan.spansPerSecondMax);
  const subPolicies = plan.subPolicies.map(({ voteOn, spansPerSecondMax }): SubPolicy => ({
    voteOn,
    budget: spansPerSecondMax > 0 ? budgetOf(spansPerSecondMax) : undefined,
  }));
  return (trace) => {
    context.observe(total.left);
    const round = new Round(trace, total.share);
    for (const sub of subPolicies) {
      const error = round.ask(sub);
      if (error !== undefined) return error;
    }
    round.payer?.spend(trace.spanCount);
    if (round.payer !== undefined) total.spend(trace.spanCount);
    return round.verdict();
  };
}

/** One trace before all sub-policies: those behind the first that keeps it may do so from a lower threshold on. */
class Round {
  /** Whose share the trace is taken from. */
  payer: Budget | undefined;
  readonly #trace: TraceView;
  readonly #totalShare: number;
  #lowest: Bits56 = THRESHOLD_NEVER;
  #isUnknown = false;

  constructor(trace: TraceView, totalShare: number) {
    this.#trace = trace;
    this.#totalShare = totalShare;
  }

  /** Returns the error of one that could not say. */
  ask({ voteOn, budget }: SubPolicy): Verdict | undefined {
    const verdict = voteOn(this.#trace);
    if (verdict.vote === 'error') return verdict;
    if (budget === undefined) return undefined;
    const limit = thresholdOfShare(Math.min(budget.share, this.#totalShare), this.#trace);
    if (verdict.threshold === undefined) this.#isUnknown = true;
    else this.#lowest = lowerOf(this.#lowest, higherOf(verdict.threshold, limit));
    if (verdict.vote === 'sampled' && this.#trace.isRandomnessAtLeast(limit)) this.payer ??= budget;
    return undefined;
  }

  verdict(): Verdict {
    if (!this.#isUnknown) return chooseByRandomness(this.#trace, this.#lowest);
    return this.payer === undefined ? NOT_SAMPLED_SOMEHOW : SAMPLED_SOMEHOW;
  }
}
