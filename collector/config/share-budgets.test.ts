import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LIMIT_CASES, configWith } from '../sample/policies/cases.test-kit.ts';
import { parseConfig } from './parse-config.ts';
import type { PolicyConfig } from './policy-config.ts';
import { differingPolicies, shareBudgets } from './share-budgets.ts';

const { tailSampling } = parseConfig(
  configWith(`[
    { name: errors, type: status_code, status_code: { status_codes: [ERROR] } },
    { name: spans, type: rate_limiting, rate_limiting: { spans_per_second: 90, burst_capacity: 300 } },
    { name: both, type: and, and: { and_sub_policy: [
      { name: slow, type: latency, latency: { threshold_ms: 300 } },
      { name: bytes, type: bytes_limiting, bytes_limiting: { bytes_per_second: 3000, burst_capacity: 6000 } }] } },
    { name: parts, type: composite, composite: { max_total_spans_per_second: 600, policy_order: [all],
      composite_sub_policy: [{ name: all, type: always_sample }], rate_allocation: [{ policy: all, percent: 50 }] } }]`),
);

function find(policies: readonly PolicyConfig[], name: string): unknown {
  return policies.find((policy) => policy.name === name);
}

describe('shareBudgets', () => {
  it('gives each of three samplers a third of what counts over all traces, wherever it stands, and the rest unchanged', () => {
    const { policies, tracesMax, decisionsMax } = shareBudgets(tailSampling, 3);
    assert.equal(tracesMax, Math.ceil(1_000_000 / 3));
    assert.deepEqual(decisionsMax, { sampled: 16_667, notSampled: 16_667 });
    assert.deepEqual(find(policies, 'errors'), find(tailSampling.policies, 'errors'));
    assert.deepEqual(find(policies, 'spans'), {
      name: 'spans',
      type: 'rate_limiting',
      spansPerSecond: 30,
      burstCapacitySpans: 100,
    });
    assert.deepEqual(find(policies, 'both'), {
      name: 'both',
      type: 'and',
      subPolicies: [
        { name: 'slow', type: 'latency', thresholdMs: 300, upperThresholdMs: 0 },
        { name: 'bytes', type: 'bytes_limiting', bytesPerSecond: 1000, burstCapacityBytes: 2000 },
      ],
    });
    assert.deepEqual(find(policies, 'parts'), {
      name: 'parts',
      type: 'composite',
      spansPerSecondMax: 200,
      subPolicies: [{ rule: { name: 'all', type: 'always_sample' }, spansPerSecondMax: 100 }],
    });
    assert.deepEqual(differingPolicies(tailSampling, shareBudgets(tailSampling, 3)), ['spans', 'both', 'parts']);
  });

  it('shares in every policy that has a limit, and nothing with nobody', () => {
    for (const policies of Object.values(LIMIT_CASES)) {
      const limited = parseConfig(configWith(policies)).tailSampling;
      assert.notDeepEqual(shareBudgets(limited, 2).policies, limited.policies);
      assert.equal(shareBudgets(limited, 1), limited);
    }
  });
});
