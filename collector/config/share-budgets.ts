import { isDeepStrictEqual } from 'node:util';
import type { TailSamplingConfig } from './collector-config.ts';
import { mapRules } from './nested-rules.ts';
import type { PolicyRule } from './policy-config.ts';

/**
 * What each of several samplers decides by: an equal part of what counts over all traces, since trace ids spread evenly and no sampler
 * knows of another. A trace that is larger than the share of a burst is never kept by it.
 */
export function shareBudgets(config: TailSamplingConfig, samplerCount: number): TailSamplingConfig {
  if (samplerCount === 1) return config;
  return {
    ...config,
    tracesMax: Math.ceil(config.tracesMax / samplerCount),
    decisionsMax: {
      sampled: Math.ceil(config.decisionsMax.sampled / samplerCount),
      notSampled: Math.ceil(config.decisionsMax.notSampled / samplerCount),
    },
    policies: config.policies.map((policy) => mapRules(policy, (rule) => shareRule(rule, samplerCount))),
  };
}

/** Names of the policies that are not the same in both. */
export function differingPolicies(one: TailSamplingConfig, other: TailSamplingConfig): string[] {
  return one.policies
    .filter((policy, index) => !isDeepStrictEqual(policy, other.policies[index]))
    .map(({ name }) => name);
}

function shareRule(rule: PolicyRule, samplerCount: number): PolicyRule {
  switch (rule.type) {
    case 'rate_limiting':
      return {
        ...rule,
        spansPerSecond: rule.spansPerSecond / samplerCount,
        burstCapacitySpans: rule.burstCapacitySpans / samplerCount,
      };
    case 'bytes_limiting':
      return {
        ...rule,
        bytesPerSecond: rule.bytesPerSecond / samplerCount,
        burstCapacityBytes: rule.burstCapacityBytes / samplerCount,
      };
    case 'composite':
      return {
        ...rule,
        spansPerSecondMax: rule.spansPerSecondMax / samplerCount,
        subPolicies: rule.subPolicies.map((sub) => ({
          ...sub,
          spansPerSecondMax: sub.spansPerSecondMax / samplerCount,
        })),
      };
    default:
      return rule;
  }
}
