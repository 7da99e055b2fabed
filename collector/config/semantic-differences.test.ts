import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { parsePolicy } from './parse-policy.ts';
import { findDifferences } from './semantic-differences.ts';

function named(text: string): string[] {
  const policies = (parse(text) as unknown[]).map((value, index) =>
    parsePolicy({ path: `policies[${index}]`, value }, 'lab'),
  );
  return findDifferences(policies).map(({ policy }) => policy);
}

describe('findDifferences', () => {
  it('names the policies that may decide differently, inside others too', () => {
    assert.deepEqual(
      named(`
        - { name: slow, type: latency, latency: { threshold_ms: 5, upper_threshold_ms: 9 } }
        - { name: size, type: numeric_attribute, numeric_attribute: { key: k, max_value: 0 } }
        - { name: off, type: boolean_attribute, boolean_attribute: { key: k, value: false } }
        - { name: text, type: string_attribute, string_attribute: { key: k, values: [x*], enabled_regex_matching: true } }
        - { name: some, type: probabilistic, probabilistic: { sampling_percentage: 10 } }
        - { name: broken, type: ottl_condition, ottl_condition: { error_mode: propagate, span: ['name == "a"'] } }
        - { name: both, type: and, and: { and_sub_policy: [
            { name: rate, type: rate_limiting, rate_limiting: { spans_per_second: 1 } },
            { name: not, type: not, not: { not_sub_policy: { name: half, type: probabilistic, probabilistic: { sampling_percentage: 50 } } } } ] } }
        - { name: shares, type: composite, composite: { max_total_spans_per_second: 9, composite_sub_policy: [
            { name: bytes, type: bytes_limiting, bytes_limiting: { bytes_per_second: 9 } } ] } }`),
      ['slow', 'size', 'off', 'text', 'some', 'broken', 'both/rate', 'both/not/half', 'shares', 'shares/bytes'],
    );
  });

  it('names none that mean the same', () => {
    assert.deepEqual(
      named(`
        - { name: all, type: always_sample }
        - { name: slow, type: latency, latency: { threshold_ms: 5 } }
        - { name: errors, type: status_code, status_code: { status_codes: [ERROR] } }
        - { name: on, type: boolean_attribute, boolean_attribute: { key: k, value: true } }
        - { name: text, type: string_attribute, string_attribute: { key: k, values: [a] } }
        - { name: every, type: probabilistic, probabilistic: { sampling_percentage: 100 } }
        - { name: mine, type: probabilistic, probabilistic: { sampling_percentage: 5, hash_salt: mine } }
        - { name: lenient, type: ottl_condition, ottl_condition: { span: ['name == "a"'] } }`),
      [],
    );
  });
});
