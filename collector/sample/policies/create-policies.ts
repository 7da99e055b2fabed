import type { AndRule, CompositeRule, PolicyConfig, PolicyRule, Semantics } from '../../config/policy-config.ts';
import { createBooleanAttribute, createNumericAttribute, createStringAttribute } from './attribute-policies.ts';
import type { Ballot } from './ballot.ts';
import { createAnd, createDrop, createNot } from './combine.ts';
import { createComposite, type CompositePlan } from './composite.ts';
import * as lab from './lab/index.ts';
import { createBytesLimiting, createRateLimiting } from './limiting.ts';
import { createOttlCondition } from './ottl-policy.ts';
import { overArrivals } from './over-arrivals.ts';
import { SAMPLED, type Policy, type PolicyContext, type VoteOn } from './policy.ts';
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
  semantics: Semantics;
}

type Creators = {
  readonly [Type in PolicyRule['type']]: (
    rule: Extract<PolicyRule, { type: Type }>,
    context: PolicyContext & PolicyEffects,
  ) => VoteOn;
};

/** With upstream's meaning. */
const OTEL: Creators = {
  always_sample: () => () => SAMPLED,
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

/** With the traps mended, each at its policy; what is not here is the same. */
const LAB: Creators = {
  ...OTEL,
  latency: lab.createLatency,
  numeric_attribute: lab.createNumericAttribute,
  boolean_attribute: lab.createBooleanAttribute,
  string_attribute: lab.createStringAttribute,
  probabilistic: lab.createProbabilistic,
  rate_limiting: lab.createRateLimiting,
  bytes_limiting: lab.createBytesLimiting,
  composite: (rule, context) => lab.createComposite(planOf(rule, context), context),
};

/** Those that look at nothing but spans. */
const LOOKING_ALONE: ReadonlySet<PolicyRule['type']> = new Set([
  'latency',
  'numeric_attribute',
  'status_code',
  'string_attribute',
  'boolean_attribute',
  'trace_state',
  'trace_flags',
  'span_count',
  'ottl_condition',
]);

const CREATORS: Readonly<Record<Semantics, Creators>> = { otel: OTEL, lab: LAB };

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
  return inOrderOfAsking(configs).map((config) => ({
    name: config.name,
    isDrop: config.type === 'drop',
    voteOn: createVote(config, effects),
  }));
}

function createAll(rules: AndRule['subPolicies'], effects: PolicyEffects): VoteOn[] {
  return rules.map((rule) => createVote(rule, effects));
}

function createVote(rule: PolicyRule, effects: PolicyEffects): VoteOn {
  const { observe, record } = effects.ballot.addLine();
  const creators = CREATORS[effects.semantics];
  const create = creators[rule.type] as (rule: PolicyRule, context: PolicyContext & PolicyEffects) => VoteOn;
  const voteOn = create(rule, { ...effects, observe });
  const judge = LOOKING_ALONE.has(rule.type) ? overArrivals(voteOn) : voteOn;
  return (trace) => record(judge(trace));
}
