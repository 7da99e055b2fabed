import type { AndRule, CompositeRule, PolicyConfig, PolicyRule } from '../../config/policy-config.ts';
import { createBooleanAttribute, createNumericAttribute, createStringAttribute } from './attribute-policies.ts';
import type { Ballot } from './ballot.ts';
import { createAnd, createComposite, createDrop, createNot, type CompositePlan } from './combine.ts';
import { createBytesLimiting, createRateLimiting } from './limiting.ts';
import { createOttlCondition } from './ottl-policy.ts';
import type { Policy, PolicyContext, VoteOn } from './policy.ts';
import { createProbabilistic } from './probabilistic.ts';
import {
  createLatency,
  createSpanCount,
  createStatusCode,
  createTraceFlags,
  createTraceState,
} from './span-policies.ts';

export interface PolicyEffects extends Pick<PolicyContext, 'nowMs'> {
  /** Where the votes and what was seen are written. */
  ballot: Ballot;
}

type Creators = {
  readonly [Type in PolicyRule['type']]: (
    rule: Extract<PolicyRule, { type: Type }>,
    context: PolicyContext & PolicyEffects,
  ) => VoteOn;
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
  and: ({ subPolicies }, context) => createAnd(createAll(subPolicies, context)),
  not: ({ subPolicy }, context) => createNot(createVote(subPolicy, context)),
  drop: ({ subPolicies }, context) => createDrop(createAll(subPolicies, context)),
  composite: (rule, context) => createComposite(planOf(rule, context), context),
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
export function inOrderOfAsking(configs: readonly PolicyConfig[]): PolicyConfig[] {
  const isDrop = ({ type }: PolicyConfig): boolean => type === 'drop';
  return [...configs.filter(isDrop), ...configs.filter((config) => !isDrop(config))];
}

export function createPolicies(configs: readonly PolicyConfig[], effects: PolicyEffects): Policy[] {
  return inOrderOfAsking(configs).map((config) => ({ name: config.name, vote: createVote(config, effects) }));
}

function createAll(rules: AndRule['subPolicies'], effects: PolicyEffects): VoteOn[] {
  return rules.map((rule) => createVote(rule, effects));
}

function createVote(rule: PolicyRule, { nowMs, ballot }: PolicyEffects): VoteOn {
  const { observe, record } = ballot.addLine();
  const create = CREATORS[rule.type] as (rule: PolicyRule, context: PolicyContext & PolicyEffects) => VoteOn;
  const vote = create(rule, { nowMs, ballot, observe });
  return (trace) => record(vote(trace));
}
