import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NORMAL_QUANTILE_95, studentQuantile95 } from './student-t.ts';

describe('studentQuantile95', () => {
  it('falls with every degree of freedom towards the normal quantile', () => {
    for (let degrees = 1; degrees < 200; degrees++) {
      assert.ok(studentQuantile95(degrees) > studentQuantile95(degrees + 1), `at ${degrees}`);
    }
    assert.ok(Math.abs(studentQuantile95(1e6) - NORMAL_QUANTILE_95) < 1e-4);
  });

  it('agrees with printed tables beyond its own', () => {
    assert.equal(studentQuantile95(40).toFixed(3), '2.021');
    assert.equal(studentQuantile95(120).toFixed(3), '1.980');
  });

  it('is infinite where nothing can be known', () => {
    assert.equal(studentQuantile95(0), Number.POSITIVE_INFINITY);
  });
});
