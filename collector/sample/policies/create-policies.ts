import type { AndRule, CompositeRule, PolicyConfig, PolicyRule } from '../../config/policy-config.ts';
import { createBooleanAttribute, createNumericAttribute, createStringAttribute } from './attribute-policies.ts';
import { createAnd, createComposite, createDrop, createNot, type CompositePlan } from './combine.ts';
import { createBytesLimiting, createRateLimiting } from './limiting.ts';
import { createOttlCondition } from './ottl-policy.ts';
import type { Policy, VoteOn } from './policy.ts';
import { createProbabilistic } from './probabilistic.ts';
import {
  createLatency,
  createSpanCount,
  createStatusCode,
  createTraceFlags,
  createTraceState,
} from './span-policies.ts';

export interface PolicyEffects {
  /** Monotonic; what the limits' seconds are counted by. */
  nowMs: () => number;
}

type Creators = {
  readonly [Type in PolicyRule['type']]: (rule: Extract<PolicyRule, { type: Type }>, effects: PolicyEffects) => VoteOn;
};

const CREATORS: Creators = {
  always_sample: () => () => 'sampled',
  latency: createLatency,
  numeric_attribute: createNumericAttribute,
  probabilistic: createProbabilistic,
  status_code: createStatusCode,
  string_attribute: createStringAttribute,
  boolean_attribute: createBooleanAttribute,
  trace_state: createTraceState,
  trace_flags: createTraceFlags,
  rate_limiting: createRateLimiting,
  bytes_limiting: createBytesLimiting,
  span_count: createSpanCount,
  ottl_condition: createOttlCondition,
  and: ({ subPolicies }, effects) => createAnd(createAll(subPolicies, effects)),
  not: ({ subPolicy }, effects) => createNot(createVote(subPolicy, effects)),
  drop: ({ subPolicies }, effects) => createDrop(createAll(subPolicies, effects)),
  composite: (rule, effects) => createComposite(planOf(rule, effects), effects),
};

function planOf({ spansPerSecondMax, subPolicies }: CompositeRule, effects: PolicyEffects): CompositePlan {
  return {
    spansPerSecondMax,
    subPolicies: subPolicies.map((sub) => ({
      voteOn: createVote(sub.rule, effects),
      spansPerSecondMax: sub.spansPerSecondMax,
    })),
  };
}

/** Those that drop come first, as upstream; else in their order. */
export function createPolicies(configs: readonly PolicyConfig[], effects: PolicyEffects): Policy[] {
  const isDrop = ({ type }: PolicyConfig): boolean => type === 'drop';
  const inOrder = [...configs.filter(isDrop), ...configs.filter((config) => !isDrop(config))];
  return inOrder.map((config) => ({ name: config.name, vote: createVote(config, effects) }));
}

function createAll(rules: AndRule['subPolicies'], effects: PolicyEffects): VoteOn[] {
  return rules.map((rule) => createVote(rule, effects));
}

function createVote(rule: PolicyRule, effects: PolicyEffects): VoteOn {
  const create = CREATORS[rule.type] as (rule: PolicyRule, effects: PolicyEffects) => VoteOn;
  return create(rule, effects);
}
