/** Policies of every type, as they stand in a file, under a name for each set: what the differential tests compare. */
export const POLICY_CASES: Readonly<Record<string, string>> = {
  always: '[{ name: a, type: always_sample }]',
  latency: '[{ name: a, type: latency, latency: { threshold_ms: 300 } }]',
  'latency of at most': '[{ name: a, type: latency, latency: { threshold_ms: 100, upper_threshold_ms: 150 } }]',
  numeric:
    '[{ name: a, type: numeric_attribute, numeric_attribute: { key: http.status_code, min_value: 500, max_value: 599 } }]',
  'numeric without an upper bound':
    '[{ name: a, type: numeric_attribute, numeric_attribute: { key: http.status_code, min_value: -5 } }]',
  'numeric, inverted':
    '[{ name: a, type: numeric_attribute, numeric_attribute: { key: http.status_code, max_value: 300, invert_match: true } }]',
  probabilistic: '[{ name: a, type: probabilistic, probabilistic: { sampling_percentage: 5 } }]',
  'probabilistic with a salt':
    '[{ name: a, type: probabilistic, probabilistic: { sampling_percentage: 33.3, hash_salt: tracelab } }]',
  'probabilistic, everything': '[{ name: a, type: probabilistic, probabilistic: { sampling_percentage: 100 } }]',
  'probabilistic, nothing': '[{ name: a, type: probabilistic, probabilistic: { sampling_percentage: 0 } }]',
  status: '[{ name: a, type: status_code, status_code: { status_codes: [ERROR] } }]',
  'two statuses': '[{ name: a, type: status_code, status_code: { status_codes: [ERROR, OK] } }]',
  string: '[{ name: a, type: string_attribute, string_attribute: { key: http.route, values: [/checkout, "7"] } }]',
  'string of the resource':
    '[{ name: a, type: string_attribute, string_attribute: { key: deployment.environment, values: [prod] } }]',
  'string by expression':
    '[{ name: a, type: string_attribute, string_attribute: { key: http.route, values: ["(?i)^g\\\\x{e4}ste$", "/[0-9]+$"], enabled_regex_matching: true, cache_max_size: 2 } }]',
  'expression that fits nothing':
    '[{ name: a, type: string_attribute, string_attribute: { key: deployment.environment, values: ["^$"], enabled_regex_matching: true } }]',
  'string, inverted':
    '[{ name: a, type: string_attribute, string_attribute: { key: http.route, values: [/, /checkout], invert_match: true } }]',
  boolean: '[{ name: a, type: boolean_attribute, boolean_attribute: { key: cache.hit, value: true } }]',
  'boolean false': '[{ name: a, type: boolean_attribute, boolean_attribute: { key: cache.hit, value: false } }]',
  'boolean, inverted':
    '[{ name: a, type: boolean_attribute, boolean_attribute: { key: cache.hit, value: true, invert_match: true } }]',
  'trace state': '[{ name: a, type: trace_state, trace_state: { key: vendor, values: [gold] } }]',
  'trace flags': '[{ name: a, type: trace_flags }]',
  'span count': '[{ name: a, type: span_count, span_count: { min_spans: 3, max_spans: 4 } }]',
  'span count without an upper bound': '[{ name: a, type: span_count, span_count: { min_spans: 7 } }]',
  and: `[{ name: a, type: and, and: { and_sub_policy: [
    { name: b, type: latency, latency: { threshold_ms: 50 } },
    { name: c, type: not, not: { not_sub_policy: { name: d, type: status_code, status_code: { status_codes: [ERROR] } } } }] } }]`,
  not: '[{ name: a, type: not, not: { not_sub_policy: { name: b, type: span_count, span_count: { min_spans: 2 } } } }]',
  'condition of an attribute': ottl(['attributes["http.status_code"] >= 500']),
  'condition of types that differ': ottl(['span.attributes["http.route"] != 7 and attributes["cache.hit"] != nil']),
  'condition of a resource, a name and a kind': ottl([
    'resource.attributes["deployment.environment"] == "prod" and (name == "charge" or kind == SPAN_KIND_CLIENT)',
  ]),
  'condition of a duration': ottl([
    'end_time - start_time > Duration("300ms")',
    'end_time_unix_nano - start_time_unix_nano < 1000',
  ]),
  'condition with an expression': ottl([
    'not IsMatch(attributes["http.route"], "^/") and status.code == STATUS_CODE_ERROR',
  ]),
  'condition of what is no text': ottl([
    'IsMatch(attributes["http.status_code"], "^50[03]") and kind.string == "Server"',
  ]),
  'condition of an event': `[{ name: a, type: ottl_condition, ottl_condition: { spanevent: ['name == "retry" and attributes["attempt"] > 1.5'] } }]`,
  'condition with an error, ignored': ottl(['attributes["http.route"] + 1 == 2', 'name == "charge"']),
  'condition with an error, propagated': `[{ name: a, type: ottl_condition, ottl_condition: { error_mode: propagate, span: ['attributes["http.status_code"] + 1 == 501'] } }]`,
  'drop before all else': `[{ name: a, type: always_sample },
    { name: b, type: drop, drop: { drop_sub_policy: [
      { name: c, type: string_attribute, string_attribute: { key: http.route, values: [/health] } },
      { name: d, type: not, not: { not_sub_policy: { name: e, type: status_code, status_code: { status_codes: [ERROR] } } } }] } }]`,
  'errors, slow ones and a share': `[
    { name: a, type: status_code, status_code: { status_codes: [ERROR] } },
    { name: b, type: latency, latency: { threshold_ms: 400 } },
    { name: c, type: probabilistic, probabilistic: { sampling_percentage: 10 } }]`,
};

/** Those that spend a budget: which traces they choose depends on the order in which they are asked, how many does not. */
export const LIMIT_CASES: Readonly<Record<string, string>> = {
  'rate limiting': '[{ name: a, type: rate_limiting, rate_limiting: { spans_per_second: 1, burst_capacity: 1000 } }]',
  'bytes limiting':
    '[{ name: a, type: bytes_limiting, bytes_limiting: { bytes_per_second: 1, burst_capacity: 100000 } }]',
  composite: `[{ name: a, type: composite, composite: { max_total_spans_per_second: 1000, policy_order: [b, c],
    composite_sub_policy: [
      { name: b, type: span_count, span_count: { min_spans: 4 } },
      { name: c, type: and, and: { and_sub_policy: [{ name: d, type: always_sample }] } }],
    rate_allocation: [{ policy: b, percent: 60 }, { policy: c, percent: 25 }] } }]`,
};

function ottl(conditions: readonly string[]): string {
  const list = conditions.map((condition) => `'${condition}'`).join(', ');
  return `[{ name: a, type: ottl_condition, ottl_condition: { span: [${list}] } }]`;
}

/** A whole file around some policies. */
export function configWith(policies: string): string {
  return `
receivers: { otlp: { protocols: { http: } } }
processors: { tail_sampling: { decision_wait: 600s, num_traces: 1000000, policies: ${policies} } }
exporters: { tracelab: }
service: { pipelines: { traces: { receivers: [otlp], processors: [tail_sampling], exporters: [tracelab] } } }
`;
}
