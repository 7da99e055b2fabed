import type { AnyValue, KeyValue, Span, SpanEvent, TracesData } from '@tracelab/protocol';
import { parse } from 'yaml';

/**
 * What contrib's tail_sampling (0.158) decides, written down from its documentation and source as plainly as can be, over decoded
 * spans and the YAML itself: it shares nothing with the policies that it judges. Those without a budget only.
 */
export class UpstreamModel {
  readonly #traces = new Map<string, ModelTrace>();

  receive(data: TracesData): void {
    for (const { resource, scopeSpans } of data.resourceSpans) {
      for (const span of scopeSpans.flatMap(({ spans }) => spans)) {
        const trace = this.#traces.get(span.traceId) ?? { traceId: span.traceId, spans: [] };
        trace.spans.push({ span, resource: resource.attributes });
        this.#traces.set(span.traceId, trace);
      }
    }
  }

  /** The ids of what these policies keep. */
  kept(policies: string): Set<string> {
    const list = parse(policies) as ModelPolicy[];
    return new Set([...this.#traces.values()].filter((trace) => isKept(trace, list)).map(({ traceId }) => traceId));
  }

  get traces(): readonly ModelTrace[] {
    return [...this.#traces.values()];
  }
}

export interface ModelTrace {
  traceId: string;
  spans: { span: Span; resource: readonly KeyValue[] }[];
}

/** A policy as YAML has it: its settings lie under the name of its type. */
type ModelPolicy = { type: string } & Record<string, unknown>;

function isKept(trace: ModelTrace, policies: readonly ModelPolicy[]): boolean {
  const votes = policies.map((policy) => ({ isDrop: policy.type === 'drop', isMatch: matches(policy, trace) }));
  if (votes.some(({ isDrop, isMatch }) => isDrop && isMatch)) return false;
  return votes.some(({ isDrop, isMatch }) => !isDrop && isMatch);
}

function matches(policy: ModelPolicy, trace: ModelTrace): boolean {
  const rule = RULES[policy.type];
  if (rule === undefined) throw new Error(`the model does not know ${policy.type}`);
  return rule(policy[policy.type] ?? {}, trace);
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as YAML has it
type Settings = Record<string, any>;

const RULES: Readonly<Record<string, (settings: Settings, trace: ModelTrace) => boolean>> = {
  always_sample: () => true,
  latency: ({ threshold_ms = 0, upper_threshold_ms = 0 }, { spans }) =>
    spans.some((_, last) => {
      const prefix = spans.slice(0, last + 1).map(({ span }) => span);
      const start = prefix.map((span) => span.startTimeUnixNano).reduce((a, b) => (a < b ? a : b));
      const end = prefix.map((span) => span.endTimeUnixNano).reduce((a, b) => (a > b ? a : b));
      const ms = Number((end - start) / 1_000_000n);
      return ms > threshold_ms && (upper_threshold_ms === 0 || ms <= upper_threshold_ms);
    }),
  numeric_attribute: ({ key, min_value = 0, max_value = 0, invert_match = false }, trace) => {
    const isWithin = (value: AnyValue): boolean => {
      const whole = typeof value === 'bigint' ? Number(value) : 0;
      return (min_value === 0 || whole >= min_value) && (max_value === 0 || whole <= max_value);
    };
    return attributesOf(trace, key).some(({ value }) => isWithin(value)) !== invert_match;
  },
  probabilistic: ({ sampling_percentage = 0, hash_salt = 'default-hash-seed' }, { traceId }) => {
    let hash = 14_695_981_039_346_656_037n;
    for (const byte of [...Buffer.from(hash_salt as string), ...Buffer.from(traceId, 'hex')])
      hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 1_099_511_628_211n);
    return Number(hash) <= (sampling_percentage / 100) * 2 ** 64;
  },
  status_code: ({ status_codes }, { spans }) =>
    spans.some(({ span }) => status_codes.includes(['UNSET', 'OK', 'ERROR'][span.status.code])),
  string_attribute: ({ key, values, enabled_regex_matching = false, invert_match = false }, trace) => {
    const isMatch = (text: string): boolean =>
      (values as string[]).some((value) =>
        enabled_regex_matching ? new RegExp(...asJavaScript(value)).test(text) : value === text,
      );
    const found = attributesOf(trace, key).some(({ value, isResource }) => {
      const text = typeof value === 'string' ? value : '';
      return (isResource || text !== '') && isMatch(text);
    });
    return found !== invert_match;
  },
  boolean_attribute: ({ key, value: wanted, invert_match = false }, trace) =>
    attributesOf(trace, key).some(({ value }) => (value === true) === wanted) !== invert_match,
  trace_state: ({ key, values }, { spans }) =>
    spans.some(({ span }) => {
      const members = span.traceState.split(',').filter((member) => member !== '');
      const isValid = members.every((member) => /^[a-z0-9][a-z0-9_\-*/@]*=[ -~]+$/.test(member));
      return isValid && members.some((member) => values.some((value: string) => member === `${key}=${value}`));
    }),
  trace_flags: (_, { spans }) => spans.some(({ span }) => (span.flags & 1) === 1),
  span_count: ({ min_spans = 0, max_spans = 0 }, { spans }) =>
    spans.length >= min_spans && (max_spans === 0 || spans.length <= max_spans),
  ottl_condition: ({ span: ofSpans = [], spanevent: ofEvents = [], error_mode }, { spans }) => {
    for (const each of spans) {
      const answers = [
        ...(ofSpans as string[]).map((text) => answerOf(text)(each)),
        ...each.span.events.flatMap((event) =>
          (ofEvents as string[]).map((text) => answerOf(text)({ ...each, event })),
        ),
      ];
      for (const answer of answers) {
        if (answer === true) return true;
        if (answer === 'error' && error_mode === 'propagate') return false;
      }
    }
    return false;
  },
  and: ({ and_sub_policy }, trace) => (and_sub_policy as ModelPolicy[]).every((policy) => matches(policy, trace)),
  not: ({ not_sub_policy }, trace) => !matches(not_sub_policy as ModelPolicy, trace),
  drop: ({ drop_sub_policy }, trace) => (drop_sub_policy as ModelPolicy[]).every((policy) => matches(policy, trace)),
};

/** The first value of the key in every span, and in the resource of every span. */
function attributesOf({ spans }: ModelTrace, key: string): { value: AnyValue; isResource: boolean }[] {
  return spans.flatMap(({ span, resource }) => {
    const ofResource = resource.find((attribute) => attribute.key === key);
    const ofSpan = span.attributes.find((attribute) => attribute.key === key);
    return [
      ...(ofResource === undefined ? [] : [{ value: ofResource.value, isResource: true }]),
      ...(ofSpan === undefined ? [] : [{ value: ofSpan.value, isResource: false }]),
    ];
  });
}

/** Go's syntax, as far as the cases use it. */
function asJavaScript(expression: string): [source: string, flags: string] {
  const isCaseless = expression.startsWith('(?i)');
  const source = expression.replace('(?i)', '').replaceAll(/\\x\{([0-9a-f]+)\}/g, (_, code: string) => `\\u{${code}}`);
  return [source, isCaseless ? 'iu' : 'u'];
}

interface Asked {
  span: Span;
  resource: readonly KeyValue[];
  event?: SpanEvent;
}

type Answer = (asked: Asked) => boolean | 'error';

function answerOf(text: string): Answer {
  const answer = CONDITIONS[text];
  if (answer === undefined) throw new Error(`the model does not know ${text}`);
  return answer;
}

/** The conditions of the cases, each in JavaScript. */
const CONDITIONS: Readonly<Record<string, Answer>> = {
  'attributes["http.status_code"] >= 500': ({ span }) => numberOf(span.attributes, 'http.status_code') >= 500,
  'span.attributes["http.route"] != 7 and attributes["cache.hit"] != nil': ({ span }) =>
    valueOf(span.attributes, 'http.route') !== 7n && valueOf(span.attributes, 'cache.hit') !== null,
  'resource.attributes["deployment.environment"] == "prod" and (name == "charge" or kind == SPAN_KIND_CLIENT)': ({
    span,
    resource,
  }) => valueOf(resource, 'deployment.environment') === 'prod' && (span.name === 'charge' || span.kind === 3),
  'end_time - start_time > Duration("300ms")': ({ span }) =>
    span.endTimeUnixNano - span.startTimeUnixNano > 300_000_000n,
  'end_time_unix_nano - start_time_unix_nano < 1000': ({ span }) =>
    span.endTimeUnixNano - span.startTimeUnixNano < 1000n,
  'not IsMatch(attributes["http.route"], "^/") and status.code == STATUS_CODE_ERROR': ({ span }) => {
    const route = valueOf(span.attributes, 'http.route');
    return !(typeof route === 'string' && route.startsWith('/')) && span.status.code === 2;
  },
  'IsMatch(attributes["http.status_code"], "^50[03]") and kind.string == "Server"': ({ span }) =>
    /^50[03]/.test(textOf(valueOf(span.attributes, 'http.status_code'))) && span.kind === 2,
  'name == "retry" and attributes["attempt"] > 1.5': ({ event }) =>
    event?.name === 'retry' && numberOf(event.attributes, 'attempt') > 1.5,
  'attributes["http.route"] + 1 == 2': () => 'error',
  'name == "charge"': ({ span }) => span.name === 'charge',
  'attributes["http.status_code"] + 1 == 501': ({ span }) => {
    const status = numberOf(span.attributes, 'http.status_code');
    return Number.isNaN(status) ? 'error' : status === 500;
  },
};

function valueOf(attributes: readonly KeyValue[], key: string): AnyValue {
  return attributes.find((attribute) => attribute.key === key)?.value ?? null;
}

/** NaN where it is no number. */
function numberOf(attributes: readonly KeyValue[], key: string): number {
  const value = valueOf(attributes, key);
  return typeof value === 'bigint' || typeof value === 'number' ? Number(value) : Number.NaN;
}

/** As it is written; other values do not occur. */
function textOf(value: AnyValue): string {
  const isWritten = typeof value === 'bigint' || typeof value === 'number' || typeof value === 'boolean';
  return isWritten || typeof value === 'string' ? String(value) : '';
}
