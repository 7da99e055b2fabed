import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { UsageError } from '@tracelab/command';
import { parse } from 'yaml';
import { parseConfig } from './parse-config.ts';
import { parsePolicy } from './parse-policy.ts';
import type { Semantics } from './policy-config.ts';

const read = (text: string, semantics: Semantics = 'otel'): unknown =>
  parsePolicy({ path: 'policies[0]', value: parse(text) }, semantics);

function assertRefused(text: string, message: RegExp): void {
  assert.throws(
    () => read(text),
    (error: Error) => error instanceof UsageError && message.test(error.message),
    text,
  );
}

describe('parsePolicy', () => {
  it('reads each type with the names and the defaults of upstream', () => {
    assert.deepEqual(read('{ name: a, type: latency, latency: { threshold_ms: 500 } }'), {
      name: 'a',
      type: 'latency',
      thresholdMs: 500,
      upperThresholdMs: 0,
    });
    assert.deepEqual(read('{ name: a, type: probabilistic }'), {
      name: 'a',
      type: 'probabilistic',
      samplingPercentage: 0,
      hashSalt: 'default-hash-seed',
    });
    assert.deepEqual(read('{ name: a, type: rate_limiting, rate_limiting: { spans_per_second: 10 } }'), {
      name: 'a',
      type: 'rate_limiting',
      spansPerSecond: 10,
      burstCapacitySpans: 20,
    });
    assert.deepEqual(
      read(
        '{ name: a, type: string_attribute, string_attribute: { key: k, values: [x], enabled_regex_matching: true } }',
      ),
      {
        name: 'a',
        type: 'string_attribute',
        key: 'k',
        values: ['x'],
        isRegex: true,
        cacheSizeMax: 128,
        invertMatch: false,
      },
    );
    assert.deepEqual(read('{ name: a, type: ottl_condition, ottl_condition: { span: [\'name == "x"\'] } }'), {
      name: 'a',
      type: 'ottl_condition',
      spanConditions: ['name == "x"'],
      spanEventConditions: [],
      isErrorPropagated: false,
    });
  });

  it('shares a composite out: a percentage, an equal part for 0, nothing for who is not named', () => {
    const composite = read(`{ name: a, type: composite, composite: { max_total_spans_per_second: 1000,
      composite_sub_policy: [{ name: b, type: always_sample }, { name: c, type: always_sample }, { name: d, type: always_sample }],
      rate_allocation: [{ policy: b, percent: 33 }, { policy: c }] } }`) as {
      subPolicies: { spansPerSecondMax: number }[];
    };
    assert.deepEqual(
      composite.subPolicies.map(({ spansPerSecondMax }) => spansPerSecondMax),
      [330, 333, 0],
    );
  });

  it('refuses what is wrong with its path, what it was and what is allowed', () => {
    for (const [text, message] of [
      ['{ name: a }', /policies\[0\]\.type should be text: was absent/],
      ['{ type: always_sample }', /policies\[0\]\.name should be text: was absent/],
      [
        '{ name: a, type: latency, latency: { threshold: 1 } }',
        /policies\[0\]\.latency\.threshold is misspelt or not built yet: remove it; supported here: threshold_ms/,
      ],
      [
        '{ name: a, type: latency, probabilistic: { sampling_percentage: 1 } }',
        /policies\[0\]\.probabilistic is misspelt or not built yet: remove it; supported here: name, type, latency/,
      ],
      [
        '{ name: a, type: latency, latency: { threshold_ms: soon } }',
        /threshold_ms should be a whole number from 0 to \d+: was "soon"/,
      ],
      [
        '{ name: a, type: probabilistic, probabilistic: { sampling_percentage: 101 } }',
        /sampling_percentage should be a number from 0 to 100: was 101/,
      ],
      [
        '{ name: a, type: status_code, status_code: { status_codes: [] } }',
        /status_codes should have at least one entry: was empty/,
      ],
      [
        '{ name: a, type: status_code, status_code: { status_codes: [FAILED] } }',
        /status_codes\[0\] should be one of UNSET, OK, ERROR: was "FAILED"/,
      ],
      [
        '{ name: a, type: numeric_attribute, numeric_attribute: { key: k, min_value: 0 } }',
        /policies\[0\] has a numeric_attribute whose only bound is 0, which says "no bound" upstream: .* --semantics lab/,
      ],
      [
        '{ name: a, type: string_attribute, string_attribute: { key: k, values: ["("], enabled_regex_matching: true } }',
        /values\[0\] should be a regular expression of RE2/,
      ],
      [
        '{ name: a, type: boolean_attribute, boolean_attribute: { key: k, value: yes } }',
        /value should be true or false: was "yes"/,
      ],
      ['{ name: a, type: and, and: { and_sub_policy: [] } }', /and_sub_policy should have at least one entry/],
      [
        '{ name: a, type: and, and: { and_sub_policy: [{ name: b, type: drop }] } }',
        /and_sub_policy\[0\]\.type "drop" is not built yet here/,
      ],
      [
        '{ name: a, type: ottl_condition, ottl_condition: { error_mode: loud, span: ["true"] } }',
        /error_mode should be one of ignore, silent, propagate: was "loud"/,
      ],
      ['{ name: a, type: ottl_condition, ottl_condition: {} }', /should have conditions under span or spanevent/],
      [
        '{ name: a, type: composite, composite: { max_total_spans_per_second: 1, policy_order: [c, b], composite_sub_policy: [{ name: b, type: always_sample }, { name: c, type: always_sample }] } }',
        /policy_order should list the sub-policies in the order of composite_sub_policy, .*: was c, b, they are b, c/,
      ],
      [
        '{ name: a, type: composite, composite: { max_total_spans_per_second: 1, composite_sub_policy: [{ name: b, type: always_sample }], rate_allocation: [{ policy: x }] } }',
        /rate_allocation\[0\]\.policy should name a sub-policy \(b\): was "x"/,
      ],
    ] as const)
      assertRefused(text, message);
  });

  it('reads the files of --sampling', async () => {
    const read = async (name: string): Promise<string[]> => {
      const text = await readFile(new URL(`../${name}.yaml`, import.meta.url), 'utf8');
      return parseConfig(text).tailSampling.policies.map(({ type }) => type);
    };
    assert.deepEqual(await read('tail'), ['status_code', 'latency', 'probabilistic']);
    assert.deepEqual(await read('hybrid'), ['status_code', 'latency', 'probabilistic']);
  });
});
