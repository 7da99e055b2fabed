import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatCount, formatDuration, formatInterval, formatNumber, formatSigned } from './format.ts';
import { judgeControl, verdictOf } from './verdict.ts';

const quiet = judgeControl({ estimate: 0, low: -4, high: 4 }, 100);
const noisy = judgeControl({ estimate: 0, low: -40, high: 40 }, 100);

describe('verdictOf', () => {
  it('names the cost and its interval where zero is outside', () => {
    assert.equal(verdictOf({ estimate: 12.2, low: 9.1, high: 15.3 }, quiet), '+12 µs [9..15]');
    assert.equal(verdictOf({ estimate: -6, low: -9.4, high: -3.1 }, quiet), '-6 µs [-9..-3]');
    assert.equal(verdictOf({ estimate: 228, low: 209, high: 257 }, quiet), '+228 µs [209..257]');
  });

  it('keeps a decimal where whole microseconds would round the bound to nothing', () => {
    const veryQuiet = judgeControl({ estimate: 0, low: -1, high: 1 }, 100);
    assert.equal(verdictOf({ estimate: 2.1, low: 0.3, high: 3.9 }, veryQuiet), '+2.1 µs [0.3..3.9]');
  });

  it('says what it could have seen where it saw nothing: never less than the control row or its own interval', () => {
    assert.equal(verdictOf({ estimate: 1, low: -1, high: 3 }, quiet), 'no difference seen (MDE 4.0 µs)');
    assert.equal(verdictOf({ estimate: 1, low: 0, high: 10 }, quiet), 'no difference seen (MDE 5.0 µs)');
  });

  it('claims nothing that is smaller than what the control row shows between two equal sets', () => {
    const biased = judgeControl({ estimate: 3, low: 1, high: 5 }, 100);
    assert.equal(verdictOf({ estimate: 4.5, low: 3, high: 6 }, biased), 'no difference seen (MDE 5.0 µs)');
    assert.equal(verdictOf({ estimate: 7, low: 3, high: 11 }, biased), '+7 µs [3..11]');
    assert.equal(verdictOf({ estimate: 3, low: 1, high: 5 }, biased), 'no difference seen (MDE 5.0 µs)');
  });

  it('refuses to judge on a noisy machine, and from one restart', () => {
    assert.equal(verdictOf({ estimate: 50, low: 45, high: 55 }, noisy), 'too noisy for a verdict');
    const unbounded = { estimate: 50, low: -Infinity, high: Infinity };
    assert.equal(verdictOf(unbounded, judgeControl(unbounded, 100)), 'no verdict: one restart has no interval');
  });
});

describe('judgeControl', () => {
  it('accepts an interval of up to a tenth of the CPU of none', () => {
    assert.deepEqual(judgeControl({ estimate: 0, low: -5, high: 5 }, 100), {
      widthPercent: 10,
      isTooNoisy: false,
      minimumDetectableUs: 5,
    });
    assert.equal(judgeControl({ estimate: 0, low: -5.1, high: 5 }, 100).isTooNoisy, true);
    assert.equal(judgeControl({ estimate: 0, low: -Infinity, high: Infinity }, 100).isTooNoisy, true);
  });
});

describe('format', () => {
  it('prints figures without needless digits or a negative zero', () => {
    assert.deepEqual([99.94, 99.96, -0.01, 1234.5].map(formatNumber), ['99.9', '100', '0.0', '1235']);
    assert.deepEqual([1, -1, 0, 0.04].map(formatSigned), ['+1.0', '-1.0', '0.0', '0.0']);
    assert.equal(formatInterval({ estimate: 3, low: -Infinity, high: Infinity }), '3.0 [no interval]');
    assert.deepEqual([0, 999, 1000, 1_234_567].map(formatCount), ['0', '999', '1,000', '1,234,567']);
    assert.deepEqual([0, 59_400, 60_000, 222_000].map(formatDuration), ['0 s', '59 s', '1 min 0 s', '3 min 42 s']);
  });
});
