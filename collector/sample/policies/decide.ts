import type { Ballot } from './ballot.ts';
import type { TraceView } from '../buffer/trace-view.ts';
import type { Decision, Policy } from './policy.ts';

/** Tells of every policy that could not say anything. */
export type Decide = (trace: TraceView, onError: (policy: string) => void) => Decision;

/**
 * contrib's precedence (processor.go, makeDecision, 0.158): policies that drop are asked first, whatever their place, and the first
 * that drops ends it; then one that says sampled is enough; no policy keeps nothing. Where the first match is enough, it also spares
 * the budget of the limits behind it. The ballot holds the votes until the next trace.
 */
export function createDecide(
  policies: readonly Policy[],
  ballot: Ballot,
  options: { isFirstMatchEnough: boolean },
): Decide {
  return (trace, onError) => {
    ballot.begin();
    let decision: Decision = 'notSampled';
    for (const policy of policies) {
      const vote = policy.vote(trace);
      if (vote === 'error') onError(policy.name);
      if (vote === 'dropped') return vote;
      if (vote !== 'sampled') continue;
      if (options.isFirstMatchEnough) return vote;
      decision = vote;
    }
    return decision;
  };
}
