/** `otel`: as upstream decides, to the letter; `lab`: with its traps mended (docs/decisions/016). */
export const SEMANTICS = ['otel', 'lab'] as const;
export type Semantics = (typeof SEMANTICS)[number];

/** Policies of the Collector's tail_sampling, with its types' names (contrib, processor/tailsamplingprocessor/config.go). */
export type PolicyConfig = Named<PolicyRule>;

export type Named<Rule> = Rule & { name: string };

export type PolicyRule = SharedRule | AndRule | NotRule | DropRule | CompositeRule;

/** Those that may also stand inside another policy. */
export type SharedRule =
  | { type: 'always_sample' }
  | LatencyRule
  | NumericAttributeRule
  | ProbabilisticRule
  | { type: 'status_code'; statusCodes: StatusName[] }
  | StringAttributeRule
  | { type: 'boolean_attribute'; key: string; value: boolean; invertMatch: boolean }
  | { type: 'trace_state'; key: string; values: string[] }
  | { type: 'trace_flags' }
  | RateLimitingRule
  | { type: 'bytes_limiting'; bytesPerSecond: number; burstCapacityBytes: number }
  | { type: 'span_count'; spansMin: number; spansMax: number }
  | OttlConditionRule;

/** Longer than the first and, unless it is 0, at most the second. */
export interface LatencyRule {
  type: 'latency';
  thresholdMs: number;
  upperThresholdMs: number;
}

/** A bound that is absent does not bind; under upstream's semantics a 0 in the file says the same. */
export interface NumericAttributeRule {
  type: 'numeric_attribute';
  key: string;
  valueMin: number | undefined;
  valueMax: number | undefined;
  invertMatch: boolean;
}

export interface ProbabilisticRule {
  type: 'probabilistic';
  /** 0 to 100. */
  samplingPercentage: number;
  hashSalt: string;
}

/** contrib's (probabilistic.go). */
export const HASH_SALT_DEFAULT = 'default-hash-seed';

export const STATUS_NAMES = ['UNSET', 'OK', 'ERROR'] as const;
/** By their number in OTLP. */
export type StatusName = (typeof STATUS_NAMES)[number];

export interface StringAttributeRule {
  type: 'string_attribute';
  key: string;
  /** Exact values, or regular expressions of RE2 that match anywhere. */
  values: string[];
  isRegex: boolean;
  /** Results of the expressions that are remembered. */
  cacheSizeMax: number;
  invertMatch: boolean;
}

/** One condition that holds on one span, or on one event, is enough. */
export interface OttlConditionRule {
  type: 'ottl_condition';
  spanConditions: string[];
  spanEventConditions: string[];
  /** Otherwise a condition that cannot be evaluated does not hold. */
  isErrorPropagated: boolean;
}

export interface RateLimitingRule {
  type: 'rate_limiting';
  spansPerSecond: number;
  burstCapacitySpans: number;
}

export interface AndRule {
  type: 'and';
  subPolicies: Named<SharedRule | NotRule>[];
}

export interface NotRule {
  type: 'not';
  subPolicy: Named<SharedRule>;
}

export interface DropRule {
  type: 'drop';
  subPolicies: Named<SharedRule | NotRule>[];
}

export interface CompositeRule {
  type: 'composite';
  spansPerSecondMax: number;
  /** In the order in which they are asked. */
  subPolicies: CompositeSubPolicy[];
}

export interface CompositeSubPolicy {
  rule: Named<SharedRule | AndRule>;
  spansPerSecondMax: number;
}
