import { HASH_SALT_DEFAULT, type ProbabilisticRule } from '../../../config/policy-config.ts';
import type { PolicyContext, VoteOn } from '../policy.ts';
import { createProbabilistic as createHashed } from '../probabilistic.ts';
import { chooseByRandomness, percentileOf, thresholdOfShare } from './chance.ts';

/**
 * R >= T, as every consistent sampler of the trace chooses (specification, tracestate-probability-sampling), so that what is kept knows how many
 * it stands for. With a `hash_salt` of one's own the choice is wanted to be another one than theirs: it is upstream's hash, of unknown probability.
 */
export function createProbabilistic(rule: ProbabilisticRule, context: PolicyContext): VoteOn {
  if (rule.hashSalt !== HASH_SALT_DEFAULT) return createHashed(rule, context);
  const threshold = thresholdOfShare(rule.samplingPercentage / 100);
  return (trace) => {
    context.observe(percentileOf(trace.randomness));
    return chooseByRandomness(trace, threshold);
  };
}
