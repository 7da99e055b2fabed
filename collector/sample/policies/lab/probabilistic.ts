import { HASH_SALT_DEFAULT, type ProbabilisticRule } from '../../../config/policy-config.ts';
import type { PolicyContext, VoteOn } from '../policy.ts';
import { createProbabilistic as createHashed } from '../probabilistic.ts';
import { thresholdOfShare } from '../../probability/choose-share.ts';
import { chooseByRandomness, percentAbove } from './chance.ts';

/**
 * R >= T, as every consistent sampler of the trace chooses (specification, tracestate-probability-sampling), so that what is kept knows how many
 * it stands for; the percentage is that of what arrives. Observed is how many have a randomness as high. With a `hash_salt` of one's own the choice is wanted to be another one than theirs: it is upstream's hash, of unknown probability.
 */
export function createProbabilistic(rule: ProbabilisticRule, context: PolicyContext): VoteOn {
  if (rule.hashSalt !== HASH_SALT_DEFAULT) return createHashed(rule, context);
  return (trace) => {
    context.observe(percentAbove(trace.randomness));
    return chooseByRandomness(trace, thresholdOfShare(rule.samplingPercentage / 100, trace));
  };
}
