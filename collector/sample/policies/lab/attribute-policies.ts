import type { AnyValue } from '@tracelab/protocol';
import type { NumericAttributeRule, SharedRule, StringAttributeRule } from '../../../config/policy-config.ts';
import { createAttributePolicy, createTextMatch } from '../attribute-match.ts';
import type { PolicyContext, VoteOn } from '../policy.ts';

/** Numbers, whole or not; a value of another type matches no bound, where upstream takes it as 0. */
export function createNumericAttribute(rule: NumericAttributeRule, context: PolicyContext): VoteOn {
  const { valueMin = -Infinity, valueMax = Infinity } = rule;
  const isWithin = (value: AnyValue): boolean =>
    (typeof value === 'bigint' || typeof value === 'number') && value >= valueMin && value <= valueMax;
  return createAttributePolicy(rule, { resource: isWithin, span: isWithin }, context);
}

/** A value of another type is neither true nor false, where upstream takes it as false. */
export function createBooleanAttribute(
  rule: Extract<SharedRule, { type: 'boolean_attribute' }>,
  context: PolicyContext,
): VoteOn {
  const isEqual = (value: AnyValue): boolean => value === rule.value;
  return createAttributePolicy(rule, { resource: isEqual, span: isEqual }, context);
}

/** A value of another type matches no text, where upstream takes it as empty; an empty text can match on spans too. */
export function createStringAttribute(rule: StringAttributeRule, context: PolicyContext): VoteOn {
  const isTextMatch = createTextMatch(rule);
  const isMatch = (value: AnyValue): boolean => typeof value === 'string' && isTextMatch(value);
  return createAttributePolicy(rule, { resource: isMatch, span: isMatch }, context);
}
