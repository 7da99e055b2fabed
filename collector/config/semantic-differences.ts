import { rulesInside } from './nested-rules.ts';
import { HASH_SALT_DEFAULT, type PolicyRule, type Named, type StringAttributeRule } from './policy-config.ts';

/** Of one policy, or one inside another. */
export interface SemanticDifference {
  /** `outer/inner`. */
  policy: string;
  /** In one sentence: what `--semantics lab` does, and upstream otherwise. */
  text: string;
}

/** Which policies may decide differently under the other `--semantics`, whichever is in force (docs/decisions/016). */
export function findDifferences(policies: readonly Named<PolicyRule>[], outer = ''): SemanticDifference[] {
  return policies.flatMap((rule) => {
    const policy = outer + rule.name;
    const text = (DIFFERENCES[rule.type] as ((rule: PolicyRule) => string | undefined) | undefined)?.(rule);
    return [...(text === undefined ? [] : [{ policy, text }]), ...findDifferences(rulesInside(rule), `${policy}/`)];
  });
}

type Differences = {
  readonly [Type in PolicyRule['type']]?: (rule: Extract<PolicyRule, { type: Type }>) => string | undefined;
};

const DIFFERENCES: Differences = {
  latency: ({ upperThresholdMs }) =>
    upperThresholdMs === 0 ? undefined : 'lab takes the whole trace, otel the first spans of it that fit (#43948)',
  numeric_attribute: () =>
    'lab compares numbers, whole or not, and takes a bound of 0 as one; otel takes what is no whole number as 0, and a bound of 0 as none',
  boolean_attribute: ({ value, invertMatch }) =>
    value && !invertMatch ? undefined : 'otel takes a value that is no boolean as false',
  string_attribute: (rule) => (canMatchEmpty(rule) ? 'otel takes a value that is no text as an empty one' : undefined),
  probabilistic: ({ samplingPercentage, hashSalt }) =>
    isDefiniteShare(samplingPercentage) || hashSalt !== HASH_SALT_DEFAULT
      ? undefined
      : "lab chooses by the trace's randomness and writes ot=th, otel by a hash of the id",
  rate_limiting: () => 'lab chooses by randomness at the rate it can afford, otel takes who comes first',
  bytes_limiting: () => 'lab chooses by randomness at the rate it can afford, otel takes who comes first',
  composite: () =>
    'lab asks the next where a share is spent, and its total is that of all; otel stops, and compares each alone (#36959)',
  ottl_condition: ({ isErrorPropagated }) =>
    isErrorPropagated ? 'lab keeps what cannot be judged, for otel it is no vote' : undefined,
};

function isDefiniteShare(percentage: number): boolean {
  return percentage <= 0 || percentage >= 100;
}

/** An expression may; of the others only an empty text. */
function canMatchEmpty({ isRegex, values }: StringAttributeRule): boolean {
  return isRegex || values.includes('');
}
