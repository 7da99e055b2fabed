import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UsageError } from '@tracelab/command';
import { parse } from 'yaml';
import type { TailSamplingConfig } from './collector-config.ts';
import { parseTailSampling } from './parse-tail-sampling.ts';

const POLICIES = 'policies: [{ name: all, type: always_sample }]';

function read(keys: string): TailSamplingConfig {
  return parseTailSampling({ path: 'processors.tail_sampling', value: parse(`${POLICIES}\n${keys}`) }, 'otel');
}

function assertRefused(keys: string, problem: string): void {
  assert.throws(
    () => read(keys),
    (error: Error) => {
      assert.ok(error instanceof UsageError);
      assert.equal(error.message, `the configuration's processors.tail_sampling.${problem}`);
      return true;
    },
  );
}

describe('parseTailSampling', () => {
  it('remembers as many decisions as decision_cache says, and 50,000 of each kind where it is absent', () => {
    const decisionsMax = (keys: string): unknown => read(keys).decisionsMax;
    assert.deepEqual(decisionsMax(''), { sampled: 50_000, notSampled: 50_000 });
    assert.deepEqual(decisionsMax('decision_cache: { sampled_cache_size: 1000, non_sampled_cache_size: 20000 }'), {
      sampled: 1000,
      notSampled: 20_000,
    });
  });

  it('remembers num_traces decisions where a size is 0, as upstream does by what it holds', () => {
    const keys = 'num_traces: 300\ndecision_cache: { sampled_cache_size: 1000 }';
    assert.deepEqual(read(keys).decisionsMax, { sampled: 1000, notSampled: 300 });
  });

  it('knows no size of a trace that is too large where maximum_trace_size_bytes is absent or 0', () => {
    const sizes = ['', 'maximum_trace_size_bytes: 0', 'maximum_trace_size_bytes: 1000000'].map(
      (keys) => read(keys).traceBytesMax,
    );
    assert.deepEqual(sizes, [undefined, undefined, 1_000_000]);
  });

  it('blocks on overflow only where it says so', () => {
    const blocks = ['', 'block_on_overflow: false', 'block_on_overflow: true'].map(
      (keys) => read(keys).blocksOnOverflow,
    );
    assert.deepEqual(blocks, [false, false, true]);
    assertRefused('block_on_overflow: 1', 'block_on_overflow should be true or false: was 1');
  });

  it('drops what is pending at the end only where it says so', () => {
    const drops = ['', 'drop_pending_traces_on_shutdown: true'].map((keys) => read(keys).dropsPendingAtEnd);
    assert.deepEqual(drops, [false, true]);
    assertRefused(
      'drop_pending_traces_on_shutdown: "yes"',
      'drop_pending_traces_on_shutdown should be true or false: was "yes"',
    );
  });

  it('takes what says no other than what is done here', () => {
    const plain = read('');
    for (const keys of ['sampling_strategy: trace-complete', 'num_shards: 1', 'expected_new_traces_per_sec: 10'])
      assert.deepEqual(read(keys), plain, keys);
  });

  it('refuses what would be done otherwise, and says what to do instead', () => {
    assertRefused(
      'sampling_strategy: span-ingest',
      'sampling_strategy should be trace-complete: was "span-ingest", which is not built: here a trace is decided once, when its wait is over',
    );
    assertRefused('sampling_strategy: fast', 'sampling_strategy should be trace-complete: was "fast"');
    assertRefused('num_shards: 4', 'num_shards should be 1: was 4; remove it and start with --samplers 4');
    assertRefused('num_shards: 0', 'num_shards should be a whole number from 1 to 256: was 0');
    assertRefused(
      'expected_new_traces_per_sec: -1',
      'expected_new_traces_per_sec should be a whole number from 0 to 9007199254740991: was -1',
    );
    assertRefused(
      'tail_storage: file_storage',
      'tail_storage is not built: here undecided traces wait in memory, and --wal keeps them over a crash; remove it',
    );
  });

  it('refuses sizes that are none, saying where, what it was and what is allowed', () => {
    assertRefused(
      'decision_cache: { sampled_cache_size: -1 }',
      'decision_cache.sampled_cache_size should be a whole number from 0 to 10000000: was -1',
    );
    assertRefused(
      'maximum_trace_size_bytes: 1.5',
      'maximum_trace_size_bytes should be a whole number from 0 to 9007199254740991: was 1.5',
    );
    assertRefused(
      'decision_cache: { size: 1 }',
      'decision_cache.size is misspelt or not built yet: remove it; supported here: sampled_cache_size, non_sampled_cache_size',
    );
  });
});
