import type { AnyValue } from '@tracelab/protocol';
import type { NumericAttributeRule, SharedRule, StringAttributeRule } from '../../config/policy-config.ts';
import { createAttributePolicy, createTextMatch, type Matches } from './attribute-match.ts';
import type { PolicyContext, VoteOn } from './policy.ts';

/** A value that is no whole number counts as 0, as upstream's `Value.Int` has it (numeric_tag_filter.go). */
export function createNumericAttribute(rule: NumericAttributeRule, context: PolicyContext): VoteOn {
  const { valueMin = -Infinity, valueMax = Infinity } = rule;
  const isWithin = (value: AnyValue): boolean => {
    const whole = typeof value === 'bigint' ? value : 0n;
    return whole >= valueMin && whole <= valueMax;
  };
  return createAttributePolicy(rule, { resource: isWithin, span: isWithin }, context);
}

/** A value that is no boolean counts as false, as upstream's `Value.Bool` has it (boolean_tag_filter.go). */
export function createBooleanAttribute(
  rule: Extract<SharedRule, { type: 'boolean_attribute' }>,
  context: PolicyContext,
): VoteOn {
  const isEqual = (value: AnyValue): boolean => (value === true) === rule.value;
  return createAttributePolicy(rule, { resource: isEqual, span: isEqual }, context);
}

/** A value that is no text counts as an empty one, which matches on resources only (string_tag_filter.go). */
export function createStringAttribute(rule: StringAttributeRule, context: PolicyContext): VoteOn {
  const isMatch = createTextMatch(rule);
  const textOf = (value: AnyValue): string => (typeof value === 'string' ? value : '');
  const matches: Matches = {
    resource: (value) => isMatch(textOf(value)),
    span: (value) => textOf(value) !== '' && isMatch(textOf(value)),
  };
  return createAttributePolicy(rule, matches, context);
}
