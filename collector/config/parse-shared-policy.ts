import { RE2JS } from 're2js';
import { configError } from './config-error.ts';
import { HASH_SALT_DEFAULT, STATUS_NAMES, type SharedRule } from './policy-config.ts';
import {
  childOf,
  describe,
  readBoolean,
  readChoice,
  readMapping,
  readNonEmptyList,
  readNumber,
  readText,
  readWholeNumber,
  type ConfigNode,
} from './yaml-node.ts';

type SharedType = SharedRule['type'];
type Parsers = { readonly [Type in SharedType]: (node: ConfigNode) => Extract<SharedRule, { type: Type }> };

/** contrib's defaults (config.go, probabilistic.go, string_tag_filter.go, rate_limiting.go). */
const UPSTREAM = { regexCacheSize: 128, burstFactor: 2 } as const;
const CACHE_SIZE_MAX = 1_000_000;
const WHOLE_MAX = Number.MAX_SAFE_INTEGER;

const PARSERS: Parsers = {
  always_sample: (node) => {
    readMapping(node, []);
    return { type: 'always_sample' };
  },
  latency: (node) => {
    const keys = readMapping(node, ['threshold_ms', 'upper_threshold_ms']);
    const upperThresholdMs = readOptionalWhole(keys['upper_threshold_ms'], 0);
    return { type: 'latency', thresholdMs: readOptionalWhole(keys['threshold_ms'], 0), upperThresholdMs };
  },
  numeric_attribute: parseNumericAttribute,
  probabilistic: (node) => {
    const keys = readMapping(node, ['sampling_percentage', 'hash_salt']);
    const percentage = keys['sampling_percentage'];
    return {
      type: 'probabilistic',
      samplingPercentage: percentage === undefined ? 0 : readNumber(percentage, 0, 100),
      hashSalt: keys['hash_salt'] === undefined ? HASH_SALT_DEFAULT : readText(keys['hash_salt']),
    };
  },
  status_code: (node) => {
    readMapping(node, ['status_codes']);
    const names = readNonEmptyList(childOf(node, 'status_codes'));
    return { type: 'status_code', statusCodes: names.map((name) => readChoice(name, STATUS_NAMES)) };
  },
  string_attribute: parseStringAttribute,
  boolean_attribute: (node) => {
    const keys = readMapping(node, ['key', 'value', 'invert_match']);
    return {
      type: 'boolean_attribute',
      key: readText(childOf(node, 'key')),
      value: readOptionalBoolean(keys['value']),
      invertMatch: readOptionalBoolean(keys['invert_match']),
    };
  },
  trace_state: (node) => {
    readMapping(node, ['key', 'values']);
    const key = readText(childOf(node, 'key'));
    return {
      type: 'trace_state',
      key,
      values: readNonEmptyList(childOf(node, 'values')).map(readText),
    };
  },
  trace_flags: (node) => {
    readMapping(node, []);
    return { type: 'trace_flags' };
  },
  rate_limiting: (node) => {
    const { perSecond, burstCapacity } = parseLimit(node, 'spans_per_second');
    return { type: 'rate_limiting', spansPerSecond: perSecond, burstCapacitySpans: burstCapacity };
  },
  bytes_limiting: (node) => {
    const { perSecond, burstCapacity } = parseLimit(node, 'bytes_per_second');
    return { type: 'bytes_limiting', bytesPerSecond: perSecond, burstCapacityBytes: burstCapacity };
  },
  span_count: (node) => {
    const keys = readMapping(node, ['min_spans', 'max_spans']);
    return {
      type: 'span_count',
      spansMin: readOptionalWhole(keys['min_spans'], 0),
      spansMax: readOptionalWhole(keys['max_spans'], 0),
    };
  },
  ottl_condition: parseOttlCondition,
};

export const SHARED_TYPES = Object.keys(PARSERS) as readonly SharedType[];

/** The settings of a policy of one of the shared types. Throws a UsageError with the path of the key that is wrong. */
export function parseSharedRule(type: string, node: ConfigNode): SharedRule {
  const parse = PARSERS[type as SharedType];
  return parse(node);
}

function parseNumericAttribute(node: ConfigNode): Extract<SharedRule, { type: 'numeric_attribute' }> {
  const keys = readMapping(node, ['key', 'min_value', 'max_value', 'invert_match']);
  const [valueMin, valueMax] = [readBound(keys['min_value']), readBound(keys['max_value'])];
  if (valueMin === undefined && valueMax === undefined)
    throw configError(node.path, 'should have a min_value or a max_value: has none');
  const key = readText(childOf(node, 'key'));
  return { type: 'numeric_attribute', key, valueMin, valueMax, invertMatch: readOptionalBoolean(keys['invert_match']) };
}

function readBound(node: ConfigNode | undefined): number | undefined {
  return node === undefined ? undefined : readWholeNumber(node, -WHOLE_MAX, WHOLE_MAX);
}

function parseStringAttribute(node: ConfigNode): Extract<SharedRule, { type: 'string_attribute' }> {
  const keys = readMapping(node, ['key', 'values', 'enabled_regex_matching', 'cache_max_size', 'invert_match']);
  const valueNodes = readNonEmptyList(childOf(node, 'values'));
  const isRegex = readOptionalBoolean(keys['enabled_regex_matching']);
  const size = keys['cache_max_size'];
  return {
    type: 'string_attribute',
    key: readText(childOf(node, 'key')),
    values: valueNodes.map(isRegex ? readRegex : readText),
    isRegex,
    cacheSizeMax: (size === undefined ? 0 : readWholeNumber(size, 0, CACHE_SIZE_MAX)) || UPSTREAM.regexCacheSize,
    invertMatch: readOptionalBoolean(keys['invert_match']),
  };
}

/** In RE2's syntax, as Go's: what is accepted here is accepted there. */
function readRegex(node: ConfigNode): string {
  const text = readText(node);
  try {
    RE2JS.compile(text);
  } catch (error) {
    throw configError(node.path, `should be a regular expression of RE2: ${describe(text)}: ${String(error)}`);
  }
  return text;
}

const ERROR_MODES = ['ignore', 'silent', 'propagate'] as const;

/** The conditions are read by whoever evaluates them. */
function parseOttlCondition(node: ConfigNode): Extract<SharedRule, { type: 'ottl_condition' }> {
  const keys = readMapping(node, ['error_mode', 'span', 'spanevent']);
  const mode = keys['error_mode'];
  if (mode !== undefined) readChoice(mode, ERROR_MODES);
  const [ofSpans, ofEvents] = [keys['span'], keys['spanevent']];
  if (ofSpans === undefined && ofEvents === undefined)
    throw configError(node.path, 'should have conditions under span or spanevent: has none');
  return {
    type: 'ottl_condition',
    spanConditions: ofSpans === undefined ? [] : readNonEmptyList(ofSpans).map(readText),
    spanEventConditions: ofEvents === undefined ? [] : readNonEmptyList(ofEvents).map(readText),
    isErrorPropagated: mode?.value === 'propagate',
  };
}

function parseLimit(node: ConfigNode, key: string): { perSecond: number; burstCapacity: number } {
  const keys = readMapping(node, [key, 'burst_capacity']);
  const perSecond = readWholeNumber(childOf(node, key), 1, WHOLE_MAX);
  const burstCapacity = readOptionalWhole(keys['burst_capacity'], 0) || perSecond * UPSTREAM.burstFactor;
  return { perSecond, burstCapacity };
}

function readOptionalWhole(node: ConfigNode | undefined, fallback: number): number {
  return node === undefined ? fallback : readWholeNumber(node, 0, WHOLE_MAX);
}

function readOptionalBoolean(node: ConfigNode | undefined): boolean {
  return node === undefined ? false : readBoolean(node);
}
