import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UsageError } from '@tracelab/command';
import { parse } from 'yaml';
import type { MemoryLimiterConfig } from './collector-config.ts';
import { parseMemoryLimiter } from './parse-memory-limiter.ts';

function read(keys: string): MemoryLimiterConfig {
  return parseMemoryLimiter({ path: 'processors.memory_limiter', value: parse(`{ ${keys} }`) });
}

function assertRefused(keys: string, problem: string): void {
  assert.throws(
    () => read(keys),
    (error: Error) => {
      assert.ok(error instanceof UsageError);
      assert.equal(error.message, `the configuration's processors.memory_limiter${problem}`);
      return true;
    },
  );
}

describe('parseMemoryLimiter', () => {
  it('gives absent keys their upstream defaults', () => {
    assert.deepEqual(read('check_interval: 1s, limit_mib: 400'), {
      checkIntervalMs: 1000,
      unit: 'mebibytes',
      limit: 400,
      spike: 0,
      collections: {
        soft: { intervalMsMin: 10_000, intervalMsMax: 30_000 },
        hard: { intervalMsMin: 0, intervalMsMax: 30_000 },
      },
    });
  });

  it('takes percentages, and mebibytes rather than those', () => {
    const limits = (keys: string): unknown[] => {
      const { unit, limit, spike } = read(
        `check_interval: 1s, limit_percentage: 80, spike_limit_percentage: 20${keys}`,
      );
      return [unit, limit, spike];
    };
    assert.deepEqual(limits(''), ['percent', 80, 20]);
    assert.deepEqual(limits(', limit_mib: 400, spike_limit_mib: 50'), ['mebibytes', 400, 50]);
    assert.deepEqual(limits(', limit_mib: 400'), ['mebibytes', 400, 0]);
  });

  it('refuses what upstream refuses, saying where, what it was and what is allowed', () => {
    const limit = 'check_interval: 1s, limit_mib: 100';
    for (const [keys, problem] of [
      ['limit_mib: 100', '.check_interval should be a duration above 0, such as 1s, up to 24 days: was absent'],
      [
        'check_interval: 0s, limit_mib: 100',
        '.check_interval should be a duration above 0, such as 1s, up to 24 days: was "0s"',
      ],
      ['check_interval: 1s', ' should have limit_mib or limit_percentage above 0: has neither'],
      [`${limit}, spike_limit_mib: 100`, '.spike_limit_mib should be below limit_mib, 100: was 100'],
      [
        'check_interval: 1s, limit_percentage: 101',
        '.limit_percentage should be a whole number from 0 to 100: was 101',
      ],
      [
        'check_interval: 1s, limit_percentage: 50, spike_limit_percentage: 60',
        '.spike_limit_percentage should be below limit_percentage, 50: was 60',
      ],
      [
        `${limit}, min_gc_interval_when_hard_limited: 11s`,
        '.min_gc_interval_when_soft_limited should be at least min_gc_interval_when_hard_limited, 11000 ms: was 10000 ms',
      ],
      [
        `${limit}, max_gc_interval_when_soft_limited: 20s`,
        '.max_gc_interval_when_soft_limited should be at least max_gc_interval_when_hard_limited, 30000 ms: was 20000 ms',
      ],
      [
        `${limit}, min_gc_interval_when_soft_limited: 40s`,
        '.max_gc_interval_when_soft_limited should be 0 or at least min_gc_interval_when_soft_limited, 40000 ms: was 30000 ms',
      ],
      [
        `${limit}, max_gc_interval_when_hard_limited: -1s`,
        '.max_gc_interval_when_hard_limited should be a duration such as 10s or 500ms: was "-1s"',
      ],
    ] as const)
      assertRefused(keys, problem);
  });

  it('lets 0 be no longest interval', () => {
    const { soft } = read('check_interval: 1s, limit_mib: 100, max_gc_interval_when_soft_limited: 0s').collections;
    assert.equal(soft.intervalMsMax, 0);
  });
});
