import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import {
  PROBABILITY_MIN,
  adjustedCountFromThreshold,
  formatThreshold,
  isAtLeast,
  parseRandomness,
  parseThreshold,
  probabilityFromThreshold,
  thresholdFromProbability,
} from './threshold.ts';
import type { Bits56 } from './threshold.ts';

const bits = fc.record({ high: fc.nat(2 ** 24 - 1), low: fc.nat(2 ** 32 - 1) }, { noNullPrototype: true });
/** Spread over the orders of magnitude, as configured probabilities are. */
const probabilities = fc
  .tuple(fc.double({ min: 0.5, max: 1, noNaN: true }), fc.nat(55))
  .map(([mantissa, exponent]) => mantissa * 2 ** -exponent);
const bigOf = ({ high, low }: Bits56): bigint => (BigInt(high) << 32n) | BigInt(low);

describe('thresholds of probabilities', () => {
  const table: [number, number, string][] = [
    [1, 4, '0'],
    [1 / 2, 4, '8'],
    [1 / 4, 4, 'c'],
    [1 / 8, 4, 'e'],
    [1 / 16, 4, 'f'],
    [1 / 3, 3, 'aab'],
    [1 / 3, 4, 'aaab'],
    [1 / 3, 5, 'aaaab'],
    [1 / 5, 3, 'ccd'],
    [1 / 5, 4, 'cccd'],
    [1 / 5, 5, 'ccccd'],
    [1 / 10, 3, 'e66'],
    [1 / 10, 4, 'e666'],
    [1 / 10, 5, 'e6666'],
    [1 / 100, 3, 'fd71'],
    [1 / 100, 4, 'fd70a'],
    [1 / 100, 5, 'fd70a4'],
    [1 / 1000, 3, 'ffbe7'],
    [1 / 1000, 4, 'ffbe77'],
    [1 / 1000, 5, 'ffbe76d'],
    [1e-6, 3, 'ffffef4'],
    [1e-6, 4, 'ffffef39'],
    [1e-6, 5, 'ffffef391'],
    [0.96875, 4, '08'],
    [PROBABILITY_MIN, 4, 'ffffffffffffff'],
  ];
  for (const [probability, digits, text] of table) {
    it(`are written ${text} for ${probability} at ${digits} digits`, () => {
      assert.equal(formatThreshold(thresholdFromProbability(probability, digits)), text);
    });
  }

  const counts: [string, number][] = [
    ['0', 1],
    ['8', 2],
    ['f', 16],
    ['08', 1.032258064516129],
    ['aaab', 3.0000457770657],
    ['cccd', 5.0000762951095],
    ['e66', 9.990243902439024],
    ['e666', 9.99938968568813],
    ['e6666', 9.999961853172863],
    ['fd70a4', 100.0000953675225],
    ['ffffef39', 999_992.3855646],
    ['ffffffffffffff', 2 ** 56],
  ];
  for (const [text, count] of counts) {
    it(`${text} lets one span stand for ${count}`, () => {
      const threshold = parseThreshold(text);
      assert(threshold);
      assert(Math.abs(adjustedCountFromThreshold(threshold) / count - 1) < 1e-12);
    });
  }

  it('are off by at most one in 8192, or in the last bit, of what is kept and of what is dropped', () => {
    fc.assert(
      fc.property(probabilities, (probability) => {
        const got = probabilityFromThreshold(thresholdFromProbability(probability));
        assert(Math.abs(got - probability) <= probability / 8192 + PROBABILITY_MIN);
        if (probability < 1 - 2 ** -40) assert(Math.abs((1 - got) / (1 - probability) - 1) <= 1 / 8000);
      }),
      { numRuns: 1000 },
    );
  });

  it('fall as the probability rises', () => {
    fc.assert(
      fc.property(probabilities, probabilities, (one, other) => {
        const low = thresholdFromProbability(Math.max(one, other));
        assert(isAtLeast(thresholdFromProbability(Math.min(one, other)), low));
      }),
    );
  });

  it('exist from 2^-56 to 1 only', () => {
    for (const probability of [0, -1, 1.1, 2 ** -57, Number.NaN]) {
      assert.throws(() => thresholdFromProbability(probability), /from 2\^-56 to 1: was/);
    }
  });
});

describe('the text of a threshold', () => {
  it('is read as it was written, without zeros on the right', () => {
    fc.assert(
      fc.property(bits, (threshold) => {
        const text = formatThreshold(threshold);
        assert.match(text, /^(0|[0-9a-f]{0,13}[1-9a-f])$/);
        assert.deepEqual(parseThreshold(text), threshold);
      }),
    );
  });

  it('keeps the zeros on the left, which the sample code of the specification loses', () => {
    assert.equal(formatThreshold({ high: 0x08_0000, low: 0 }), '08');
    assert.deepEqual(parseThreshold('08'), { high: 0x08_0000, low: 0 });
    assert.equal(formatThreshold({ high: 0, low: 1 }), '00000000000001');
  });

  it('compares as the numbers do, R being at least T', () => {
    fc.assert(
      fc.property(bits, bits, (one, other) => {
        assert.equal(isAtLeast(one, other), bigOf(one) >= bigOf(other));
        assert(isAtLeast(one, one));
      }),
    );
  });

  for (const text of ['', 'g', 'A', '0x1', ' 8', '123456789abcdef', '-1', '1e']) {
    const isThreshold = text === '1e';
    it(`${isThreshold ? 'may be' : 'is not'} "${text}"`, () => {
      assert.equal(parseThreshold(text) !== undefined, isThreshold);
    });
  }
});

describe('explicit randomness', () => {
  it('is exactly 14 lower-case digits', () => {
    assert.deepEqual(parseRandomness('6e6d1a75832a2f'), { high: 0x6e6d1a, low: 0x75832a2f });
    for (const text of ['', '6e6d1a75832a2', '6e6d1a75832a2f0', '6E6D1A75832A2F', '6e6d1a75832a2g']) {
      assert.equal(parseRandomness(text), undefined);
    }
  });

  it('of 43.1 % is kept from 56.9 % up', () => {
    const randomness = parseRandomness('6e6d1a75832a2f');
    assert(randomness);
    assert(isAtLeast(randomness, thresholdFromProbability(0.57)));
    assert(!isAtLeast(randomness, thresholdFromProbability(0.568)));
  });
});
