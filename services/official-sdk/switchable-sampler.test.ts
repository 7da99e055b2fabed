import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ROOT_CONTEXT, SpanKind } from '@opentelemetry/api';
import type { SamplerSetting } from '@tracelab/protocol';
import { samplerFromEnvironment, SwitchableSampler } from './switchable-sampler.ts';

/** Half of the ids below 2^31 in their first word: what the SDK's ratio sampler looks at. */
const TRACE_IDS = Array.from(
  { length: 1000 },
  (_, index) => ((index * 2 ** 32) / 1000).toString(16).split('.')[0] ?? '',
).map((word) => word.padStart(8, '0').padEnd(32, '0'));

function sampledOf(sampler: SwitchableSampler): number {
  const before = sampler.spansSampled;
  for (const traceId of TRACE_IDS) sampler.shouldSample(ROOT_CONTEXT, traceId, 'span', SpanKind.INTERNAL, {}, []);
  return sampler.spansSampled - before;
}

describe('the sampler of the official SDK', () => {
  it('is switched while it runs, and counts what it was asked and what it sampled', () => {
    const sampler = new SwitchableSampler({ sampler: 'always_on' });
    assert.equal(sampledOf(sampler), 1000);
    sampler.set({ sampler: 'parentbased_traceidratio', arg: 0.25 });
    assert.deepEqual(sampler.setting, { sampler: 'parentbased_traceidratio', arg: 0.25 });
    const quarter = sampledOf(sampler);
    assert.ok(quarter > 200 && quarter < 300, String(quarter));
    sampler.set({ sampler: 'parentbased_always_off' });
    assert.equal(sampledOf(sampler), 0);
    assert.deepEqual([sampler.spansCreated, sampler.spansSampled], [3000, 1000 + quarter]);
  });

  it('refuses what the SDK has not, and keeps what it had', () => {
    const sampler = new SwitchableSampler({ sampler: 'always_on' });
    const strange = { sampler: 'rate_limiting' } as unknown as SamplerSetting;
    assert.throws(() => sampler.set(strange), /should be one of always_on, .*: was rate_limiting/);
    assert.throws(() => sampler.set({ sampler: 'traceidratio' }), /ratio from 0 to 1: was undefined/);
    assert.throws(() => sampler.set({ sampler: 'traceidratio', arg: 1.5 }), RangeError);
    assert.deepEqual(sampler.setting, { sampler: 'always_on' });
    assert.equal(sampledOf(sampler), 1000);
  });
});

describe('samplerFromEnvironment', () => {
  it('reads the variables as the SDK does: ratio 1 where it is no ratio, the default where the name is unknown', () => {
    const warnings: string[] = [];
    const read = (name?: string, arg?: string): SamplerSetting =>
      samplerFromEnvironment({ OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: arg }, (said) =>
        warnings.push(said),
      );
    assert.deepEqual(read(), { sampler: 'parentbased_always_on' });
    assert.deepEqual(read(''), { sampler: 'parentbased_always_on' });
    assert.deepEqual(read('sometimes', '0.5'), { sampler: 'parentbased_always_on' });
    assert.deepEqual(read('traceidratio', '0.5'), { sampler: 'traceidratio', arg: 0.5 });
    assert.deepEqual(warnings, [
      'OTEL_TRACES_SAMPLER=sometimes is unknown to the official SDK: parentbased_always_on is used',
    ]);
    for (const arg of ['', ' ', '2', 'half', '-1']) assert.equal(read('traceidratio', arg).arg, 1, arg);
  });
});
