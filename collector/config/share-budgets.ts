import { isDeepStrictEqual } from 'node:util';
import type { TailSamplingConfig } from './collector-config.ts';
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
    policies: config.policies.map((policy) => shareRule(policy, samplerCount)),
  };
}

/** Names of the policies that are not the same in both. */
export function differingPolicies(one: TailSamplingConfig, other: TailSamplingConfig): string[] {
  return one.policies
    .filter((policy, index) => !isDeepStrictEqual(policy, other.policies[index]))
    .map(({ name }) => name);
}

function shareRule<Rule extends PolicyRule>(rule: Rule, samplerCount: number): Rule {
  return { ...rule, ...sharedPartOf(rule, samplerCount) };
}

function sharedPartOf(rule: PolicyRule, samplerCount: number): Partial<PolicyRule> {
  switch (rule.type) {
    case 'rate_limiting':
      return {
        spansPerSecond: rule.spansPerSecond / samplerCount,
        burstCapacitySpans: rule.burstCapacitySpans / samplerCount,
      };
    case 'bytes_limiting':
      return {
        bytesPerSecond: rule.bytesPerSecond / samplerCount,
        burstCapacityBytes: rule.burstCapacityBytes / samplerCount,
      };
    case 'and':
    case 'drop':
      return { subPolicies: rule.subPolicies.map((sub) => shareRule(sub, samplerCount)) };
    case 'not':
      return { subPolicy: shareRule(rule.subPolicy, samplerCount) };
    case 'composite':
      return {
        spansPerSecondMax: rule.spansPerSecondMax / samplerCount,
        subPolicies: rule.subPolicies.map((sub) => ({
          rule: shareRule(sub.rule, samplerCount),
          spansPerSecondMax: sub.spansPerSecondMax / samplerCount,
        })),
      };
    default:
      return {};
  }
}
