import { configError } from './config-error.ts';
import { parseSharedRule, SHARED_TYPES } from './parse-shared-policy.ts';
import { mapRules } from './nested-rules.ts';
import type {
  AndRule,
  CompositeRule,
  CompositeSubPolicy,
  DropRule,
  Named,
  NotRule,
  PolicyConfig,
  PolicyRule,
  Semantics,
} from './policy-config.ts';
import {
  childOf,
  describe,
  readMapping,
  readNonEmptyList,
  readText,
  readWholeNumber,
  type ConfigNode,
} from './yaml-node.ts';

type RuleParsers<Rule extends PolicyRule> = {
  [Type in Rule['type']]?: (node: ConfigNode) => Extract<Rule, { type: Type }>;
};

const NOT: RuleParsers<NotRule> = { not: parseNot };
const AND: RuleParsers<AndRule> = { and: parseAnd };
const TOP_LEVEL: RuleParsers<PolicyRule> = { ...NOT, ...AND, drop: parseDrop, composite: parseComposite };

/** One of `processors.tail_sampling.policies`. Throws a UsageError with the path of the key that is wrong. */
export function parsePolicy(node: ConfigNode, semantics: Semantics): PolicyConfig {
  const policy = parseNamed(node, TOP_LEVEL);
  return semantics === 'lab' ? policy : mapRules(policy, (rule) => withoutZeroBounds(rule, node));
}

/** A bound of 0 is none upstream. */
function withoutZeroBounds(rule: PolicyRule, { path }: ConfigNode): PolicyRule {
  if (rule.type !== 'numeric_attribute') return rule;
  const [valueMin, valueMax] = [rule.valueMin || undefined, rule.valueMax || undefined];
  if (valueMin === undefined && valueMax === undefined)
    throw configError(
      path,
      'has a numeric_attribute whose only bound is 0, which says "no bound" upstream: give another one, or start with --semantics lab',
    );
  return { ...rule, valueMin, valueMax };
}

/** Beside the shared types those that may stand in this place, each with its own parser; a policy has the key of its type alone. */
function parseNamed<Rule extends PolicyRule>(node: ConfigNode, own: RuleParsers<Rule>): Named<Rule> {
  const typeNode = childOf(node, 'type');
  const type = readText(typeNode);
  const supported = [...SHARED_TYPES, ...Object.keys(own)];
  if (!supported.includes(type))
    throw configError(typeNode.path, `${describe(type)} is not built yet here: supported are ${supported.join(', ')}`);
  readMapping(node, ['name', 'type', type]);
  const name = readText(childOf(node, 'name'));
  const settings = childOf(node, type);
  const parse = own[type as Rule['type']];
  const rule = parse === undefined ? parseSharedRule(type, settings) : parse(settings);
  return { ...rule, name } as Named<Rule>;
}

function parseAnd(node: ConfigNode): AndRule {
  return { type: 'and', subPolicies: parseSubPolicies(node, 'and_sub_policy') };
}

function parseDrop(node: ConfigNode): DropRule {
  return { type: 'drop', subPolicies: parseSubPolicies(node, 'drop_sub_policy') };
}

function parseNot(node: ConfigNode): NotRule {
  readMapping(node, ['not_sub_policy']);
  return { type: 'not', subPolicy: parseNamed(childOf(node, 'not_sub_policy'), {}) };
}

function parseSubPolicies(node: ConfigNode, key: string): AndRule['subPolicies'] {
  readMapping(node, [key]);
  return readNonEmptyList(childOf(node, key)).map((item) => parseNamed(item, NOT));
}

const COMPOSITE_KEYS = [
  'max_total_spans_per_second',
  'policy_order',
  'composite_sub_policy',
  'rate_allocation',
] as const;

/**
 * Upstream reads `policy_order` and forgets it: sub-policies are asked in the order of their list (contrib 0.158,
 * composite_helper.go). An order that differs from it would mean something else there and is refused.
 */
function parseComposite(node: ConfigNode): CompositeRule {
  const keys = readMapping(node, COMPOSITE_KEYS);
  const spansPerSecondMax = readWholeNumber(childOf(node, 'max_total_spans_per_second'), 1, Number.MAX_SAFE_INTEGER);
  const rules = readNonEmptyList(childOf(node, 'composite_sub_policy')).map((item) => parseNamed(item, AND));
  const names = rules.map(({ name }) => name);
  checkOrder(keys['policy_order'], names);
  const allocation = keys['rate_allocation'];
  const shares = allocation === undefined ? new Map<string, number>() : readShares(allocation, names);
  const subPolicies = rules.map((rule): CompositeSubPolicy => {
    const percent = shares.get(rule.name);
    // Without an entry it has no share at all upstream, and never keeps anything.
    const share = percent === undefined ? 0 : percent === 0 ? 1 / rules.length : percent / 100;
    return { rule, spansPerSecondMax: Math.trunc(share * spansPerSecondMax) };
  });
  return { type: 'composite', spansPerSecondMax, subPolicies };
}

function checkOrder(node: ConfigNode | undefined, names: readonly string[]): void {
  if (node === undefined) return;
  const order = readNonEmptyList(node).map(readText);
  if (order.length !== names.length || order.some((name, index) => name !== names[index]))
    throw configError(
      node.path,
      `should list the sub-policies in the order of composite_sub_policy, which is the one that counts upstream: was ${order.join(', ')}, they are ${names.join(', ')}`,
    );
}

/** Percent by name; 0 stands for an equal part. */
function readShares(node: ConfigNode, names: readonly string[]): Map<string, number> {
  return new Map(
    readNonEmptyList(node).map((item) => {
      const keys = readMapping(item, ['policy', 'percent']);
      const name = readText(childOf(item, 'policy'));
      if (!names.includes(name))
        throw configError(
          `${item.path}.policy`,
          `should name a sub-policy (${names.join(', ')}): was ${describe(name)}`,
        );
      return [name, keys['percent'] === undefined ? 0 : readWholeNumber(keys['percent'], 0, 100)] as const;
    }),
  );
}
