import type { Named, PolicyRule } from './policy-config.ts';

/** A rule as `change` has it, after all rules inside it have been changed likewise. */
export function mapRules<Rule extends PolicyRule>(rule: Rule, change: (rule: PolicyRule) => PolicyRule): Rule {
  return change(mapInside(rule, (inner) => mapRules(inner, change))) as Rule;
}

function mapInside(rule: PolicyRule, map: <Inner extends PolicyRule>(rule: Inner) => Inner): PolicyRule {
  switch (rule.type) {
    case 'and':
    case 'drop':
      return { ...rule, subPolicies: rule.subPolicies.map((sub) => map(sub)) };
    case 'not':
      return { ...rule, subPolicy: map(rule.subPolicy) };
    case 'composite':
      return { ...rule, subPolicies: rule.subPolicies.map((sub) => ({ ...sub, rule: map(sub.rule) })) };
    default:
      return rule;
  }
}

/** Those that a rule asks, in their order. */
export function rulesInside(rule: PolicyRule): readonly Named<PolicyRule>[] {
  if (rule.type === 'and' || rule.type === 'drop') return rule.subPolicies;
  if (rule.type === 'not') return [rule.subPolicy];
  return rule.type === 'composite' ? rule.subPolicies.map((sub) => sub.rule) : [];
}
