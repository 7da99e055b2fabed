import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { SAMPLER_NAMES, parseRemoteSamplerArg, readSamplerSetting, samplerSettingFromText } from './sampler-setting.ts';

function refusalOf(given: unknown): string {
  const result = readSamplerSetting(given);
  assert(!result.ok, JSON.stringify(given));
  return result.error;
}

describe('the setting of a sampler', () => {
  it('may be any name without an argument', () => {
    for (const sampler of SAMPLER_NAMES) {
      assert.deepEqual(readSamplerSetting({ sampler }), { ok: true, value: { sampler } });
      assert.deepEqual(samplerSettingFromText(sampler, ''), { ok: true, value: { sampler } });
    }
  });

  const accepted: [string, string, number | string][] = [
    ['traceidratio', '0', 0],
    ['parentbased_traceidratio', '0.0625', 0.0625],
    ['probability', '1e-6', 1e-6],
    ['parentbased_probability', '1', 1],
    ['ratelimiting', '0.5', 0.5],
    ['parentbased_ratelimiting', '100', 100],
    ['jaeger_remote', 'endpoint=http://a:5778', 'endpoint=http://a:5778'],
    ['parentbased_jaeger_remote', 'pollingIntervalMs=5000', 'pollingIntervalMs=5000'],
  ];
  for (const [sampler, text, arg] of accepted) {
    it(`may be ${sampler} with ${text}`, () => {
      assert.deepEqual(samplerSettingFromText(sampler, text), { ok: true, value: { sampler, arg } });
      assert.deepEqual(readSamplerSetting({ sampler, arg }), { ok: true, value: { sampler, arg } });
    });
  }

  const refused: [string, unknown, RegExp][] = [
    ['no object', 'always_on', /a sampler should be an object: was "always_on"/],
    ['no name', {}, /sampler should be one of always_on, .*jaeger_remote: was absent/],
    ['an unknown name', { sampler: 'sometimes' }, /: was "sometimes"/],
    ['another key', { sampler: 'always_on', ratio: 1 }, /has no "ratio": allowed are sampler, arg/],
    [
      'an argument where none is taken',
      { sampler: 'parentbased_always_on', arg: 1 },
      /arg should be left out.*: was 1/,
    ],
    ['a ratio beyond 1', { sampler: 'traceidratio', arg: 2 }, /arg should be between 0 and 1: was 2/],
    ['a ratio that is a text', { sampler: 'traceidratio', arg: 'half' }, /between 0 and 1: was "half"/],
    ['a ratio that is null', { sampler: 'traceidratio', arg: null }, /between 0 and 1: was null/],
    ['probability 0', { sampler: 'probability', arg: 0 }, /between 2\^-56 and 1: was 0/],
    ['a negative rate', { sampler: 'ratelimiting', arg: -1 }, /traces per second, between 0 and 1000000: was -1/],
    ['a number for a server', { sampler: 'jaeger_remote', arg: 1 }, /should be endpoint=…,pollingIntervalMs=…/],
    ['a server without scheme', { sampler: 'jaeger_remote', arg: 'endpoint=a:1' }, /http:\/\/ or https:\/\/ address/],
    ['an interval too short', { sampler: 'jaeger_remote', arg: 'pollingIntervalMs=1' }, /between 100 and 86400000/],
    ['an empty rate', { sampler: 'jaeger_remote', arg: 'initialSamplingRate=' }, /between 0 and 1/],
    ['an unknown part', { sampler: 'jaeger_remote', arg: 'endpoint=http://a,x=1' }, /should hold only endpoint=…/],
    ['a part without =', { sampler: 'jaeger_remote', arg: 'http://a' }, /should hold only/],
  ];
  for (const [what, given, sentence] of refused) {
    it(`refuses ${what}`, () => assert.match(refusalOf(given), sentence));
  }

  it('never makes the reader throw, and never a long sentence', () => {
    const given = fc.oneof(
      fc.anything(),
      fc.record({ sampler: fc.constantFrom(...SAMPLER_NAMES), arg: fc.anything() }),
    );
    fc.assert(fc.property(given, (value) => void readSamplerSetting(JSON.parse(JSON.stringify(value) ?? 'null'))));
    assert(refusalOf({ sampler: 'x'.repeat(1_000_000) }).length < 400);
  });
});

it('the server of a remote sampler is found where Jaeger has it, unless told otherwise', () => {
  assert.deepEqual(parseRemoteSamplerArg(undefined), {
    ok: true,
    value: { endpoint: 'http://localhost:5778', pollingIntervalMs: 60_000, initialSamplingRate: 0.001 },
  });
  assert.deepEqual(parseRemoteSamplerArg(' endpoint = https://b/x , pollingIntervalMs=5000,initialSamplingRate=0.25'), {
    ok: true,
    value: { endpoint: 'https://b/x', pollingIntervalMs: 5000, initialSamplingRate: 0.25 },
  });
});
