import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { readSamplingStrategy } from './sampling-strategy.ts';
import type { SamplingStrategy } from './sampling-strategy.ts';

const operations = (list: unknown) => ({
  operationSampling: { defaultSamplingProbability: 0.1, perOperationStrategies: list },
});
const entry = (operation: unknown, samplingRate: unknown) => ({ operation, probabilisticSampling: { samplingRate } });

describe('the reply of a sampling server', () => {
  const accepted: [string, unknown, SamplingStrategy][] = [
    [
      'a probability',
      { strategyType: 'PROBABILISTIC', probabilisticSampling: { samplingRate: 0.1 } },
      { kind: 'probabilistic', samplingRate: 0.1 },
    ],
    [
      'a rate',
      { strategyType: 'RATE_LIMITING', rateLimitingSampling: { maxTracesPerSecond: 42 } },
      { kind: 'rateLimiting', tracesPerSecond: 42 },
    ],
    [
      'the field that is not null, whatever the type says',
      { strategyType: 'PROBABILISTIC', probabilisticSampling: null, rateLimitingSampling: { maxTracesPerSecond: 0 } },
      { kind: 'rateLimiting', tracesPerSecond: 0 },
    ],
    [
      'operations before what stands beside them',
      {
        strategyType: 'PROBABILISTIC',
        probabilisticSampling: { samplingRate: 1 },
        operationSampling: {
          defaultSamplingProbability: 0.001,
          defaultLowerBoundTracesPerSecond: 0.016,
          defaultUpperBoundTracesPerSecond: 0,
          perOperationStrategies: [entry('GET /x', 0.5), entry('__proto__', 0)],
        },
      },
      {
        kind: 'perOperation',
        defaultRate: 0.001,
        lowerBoundTracesPerSecond: 0.016,
        rateByOperation: new Map([
          ['GET /x', 0.5],
          ['__proto__', 0],
        ]),
      },
    ],
    [
      'operations without list and lower bound',
      operations(null),
      { kind: 'perOperation', defaultRate: 0.1, lowerBoundTracesPerSecond: 0, rateByOperation: new Map() },
    ],
  ];
  for (const [what, reply, strategy] of accepted) {
    it(`may be ${what}`, () => assert.deepEqual(readSamplingStrategy(reply), { ok: true, value: strategy }));
  }

  const refused: [string, unknown, RegExp][] = [
    ['a list', [], /should be an object/],
    ['nothing', {}, /should have operationSampling, probabilisticSampling or rateLimitingSampling/],
    ['a probability over 1', { probabilisticSampling: { samplingRate: 1.1 } }, /samplingRate should be from 0 to 1/],
    ['a probability that is a text', { probabilisticSampling: { samplingRate: '1' } }, /samplingRate/],
    ['an absent probability', { probabilisticSampling: {} }, /samplingRate/],
    ['a negative rate', { rateLimitingSampling: { maxTracesPerSecond: -1 } }, /maxTracesPerSecond/],
    ['operations without a default', { operationSampling: {} }, /defaultSamplingProbability/],
    [
      'a lower bound that is none',
      { operationSampling: { defaultSamplingProbability: 1, defaultLowerBoundTracesPerSecond: 'x' } },
      /defaultLowerBound/,
    ],
    ['operations that are no list', operations({}), /a list of at most 2000/],
    ['too many operations', operations(Array(2001).fill(entry('a', 1))), /a list of at most 2000/],
    ['one operation that is wrong', operations([entry('a', 1), entry('b', 2)]), /each have an operation/],
    ['an operation without a name', operations([entry(1, 1)]), /each have an operation/],
    ['an operation that is null', operations([null]), /each have an operation/],
  ];
  for (const [what, reply, sentence] of refused) {
    it(`is refused as ${what}`, () => {
      const result = readSamplingStrategy(reply);
      assert(!result.ok);
      assert.match(result.error, sentence);
    });
  }

  it('never makes the reader throw', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => void readSamplingStrategy({ operationSampling: value })));
    fc.assert(fc.property(fc.jsonValue(), (value) => void readSamplingStrategy(value)));
  });
});
