import type { TailSamplingConfig } from '../config/collector-config.ts';
import { rulesInside } from '../config/nested-rules.ts';
import { HASH_SALT_DEFAULT, type PolicyConfig, type PolicyRule } from '../config/policy-config.ts';
import { inOrderOfAsking } from '../sample/policies/create-policies.ts';

/** What does not change from vote to vote: one for each line of the ballot, in its order, with those inside it. */
export interface PolicyDescription {
  name: string;
  type: PolicyRule['type'];
  /** What its votes depend on, in words. */
  limit: string;
  /** Of what it observes; empty where that has none. */
  unit: string;
  policies: PolicyDescription[];
}

export function describePolicies({
  policies,
  semantics,
}: Pick<TailSamplingConfig, 'policies' | 'semantics'>): PolicyDescription[] {
  const limits = semantics === 'lab' ? LAB_LIMITS : LIMITS;
  const describe = (config: PolicyConfig): PolicyDescription => {
    const { name, type } = config;
    const limit = (limits[type] as (rule: PolicyRule) => string)(config);
    return { name, type, limit, unit: UNITS[type] ?? '', policies: rulesInside(config).map(describe) };
  };
  return inOrderOfAsking(policies).map(describe);
}

const UNITS: Readonly<Partial<Record<PolicyRule['type'], string>>> = {
  latency: 'ms',
  probabilistic: '%',
  rate_limiting: 'spans left',
  bytes_limiting: 'bytes left',
  span_count: 'spans',
  composite: 'spans in this second',
};

type Limits = { readonly [Type in PolicyRule['type']]: (rule: Extract<PolicyRule, { type: Type }>) => string };

const LIMITS: Limits = {
  always_sample: () => 'everything',
  latency: ({ thresholdMs, upperThresholdMs }) =>
    upperThresholdMs === 0
      ? `longer than ${thresholdMs} ms`
      : `longer than ${thresholdMs} ms, at most ${upperThresholdMs} ms`,
  numeric_attribute: ({ key, valueMin, valueMax, invertMatch }) =>
    `${key} ${invertMatch ? 'nowhere' : 'somewhere'} from ${valueMin ?? 'any'} to ${valueMax ?? 'any'}`,
  probabilistic: ({ samplingPercentage }) => `the lowest ${samplingPercentage} % of the ids' hashes`,
  status_code: ({ statusCodes }) => `a span with ${statusCodes.join(' or ')}`,
  string_attribute: ({ key, values, isRegex, invertMatch }) =>
    `${key} ${invertMatch ? 'nowhere' : 'somewhere'} ${isRegex ? 'matching' : 'one of'} ${values.join(', ')}`,
  boolean_attribute: ({ key, value, invertMatch }) => `${key} ${invertMatch ? 'nowhere' : 'somewhere'} ${value}`,
  trace_state: ({ key, values }) => `trace state ${key} one of ${values.join(', ')}`,
  trace_flags: () => 'a span with the sampled flag',
  rate_limiting: ({ spansPerSecond, burstCapacitySpans }) =>
    `${spansPerSecond} spans/s, at most ${burstCapacitySpans} at once`,
  bytes_limiting: ({ bytesPerSecond, burstCapacityBytes }) =>
    `${bytesPerSecond} bytes/s, at most ${burstCapacityBytes} at once`,
  span_count: ({ spansMin, spansMax }) =>
    spansMax === 0 ? `at least ${spansMin} spans` : `${spansMin} to ${spansMax} spans`,
  ottl_condition: ({ spanConditions, spanEventConditions }) => [...spanConditions, ...spanEventConditions].join(' or '),
  and: () => 'all of these',
  not: () => 'not this',
  drop: () => 'drops where all of these',
  composite: ({ spansPerSecondMax, subPolicies }) =>
    `the first of these within its share of ${spansPerSecondMax} spans/s: ${subPolicies.map((sub) => sub.spansPerSecondMax).join(', ')}`,
};

/** Where `--semantics lab` asks something else. */
const LAB_LIMITS: Limits = {
  ...LIMITS,
  probabilistic: (rule) =>
    rule.hashSalt === HASH_SALT_DEFAULT
      ? `${rule.samplingPercentage} % of what arrives, by randomness`
      : LIMITS.probabilistic(rule),
  rate_limiting: ({ spansPerSecond }) => `${spansPerSecond} spans/s on the average, chosen by randomness`,
  bytes_limiting: ({ bytesPerSecond }) => `${bytesPerSecond} bytes/s on the average, chosen by randomness`,
  composite: ({ spansPerSecondMax, subPolicies }) =>
    `any of these within its share of ${spansPerSecondMax} spans/s: ${subPolicies.map((sub) => sub.spansPerSecondMax).join(', ')}`,
};
