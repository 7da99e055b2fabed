import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UsageError } from '@tracelab/command';
import { parse } from 'yaml';
import { parseProbabilisticSampler } from './parse-probabilistic-sampler.ts';

const read = (keys: string): unknown =>
  parseProbabilisticSampler({ path: 'processors.probabilistic_sampler', value: parse(keys) });

const DEFAULTS = { mode: 'hash_seed', samplingPercentage: 0, hashSeed: 0, failsClosed: true, precisionDigits: 4 };

describe('parseProbabilisticSampler', () => {
  it('gives absent keys their upstream defaults', () => {
    assert.deepEqual(read(''), DEFAULTS);
    assert.deepEqual(read('{ mode: "" }'), DEFAULTS);
  });

  it('reads every key, a percentage as a float of 32 bits, and more than everything as everything', () => {
    assert.deepEqual(
      read('{ mode: equalizing, sampling_percentage: 33.3, hash_seed: 7, fail_closed: false, sampling_precision: 14 }'),
      {
        mode: 'equalizing',
        samplingPercentage: Math.fround(33.3),
        hashSeed: 7,
        failsClosed: false,
        precisionDigits: 14,
      },
    );
    assert.deepEqual(read('{ sampling_percentage: 1000 }'), { ...DEFAULTS, samplingPercentage: 100 });
  });

  for (const [keys, problem] of [
    ['{ mode: fair }', 'mode should be one of hash_seed, equalizing, proportional: was "fair"'],
    ['{ sampling_percentage: -1 }', /^sampling_percentage should be a number from 0 to .*: was -1$/],
    ['{ sampling_percentage: 1e-20 }', 'sampling_percentage should be 0 or at least 100 / 2^56: was 1e-20'],
    ['{ hash_seed: 4294967296 }', 'hash_seed should be a whole number from 0 to 4294967295: was 4294967296'],
    ['{ sampling_precision: 0 }', 'sampling_precision should be a whole number from 1 to 14: was 0'],
    ['{ fail_closed: 1 }', 'fail_closed should be true or false: was 1'],
    ['{ from_attribute: id }', 'from_attribute is for logs, which are not built yet here: remove it'],
  ] as const)
    it(`refuses ${keys}`, () => {
      assert.throws(
        () => read(keys),
        (error: Error) => {
          assert.ok(error instanceof UsageError);
          const said = error.message.replace("the configuration's processors.probabilistic_sampler.", '');
          if (typeof problem === 'string') assert.equal(said, problem);
          else assert.match(said, problem);
          return true;
        },
      );
    });
});
