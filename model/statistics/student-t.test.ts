import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { NORMAL_QUANTILE_95, studentQuantile, studentQuantile95, studentTwoSidedP } from './student-t.ts';

function assertNear(value: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(value - expected) <= tolerance, `${value} is not ${expected}`);
}

describe('studentTwoSidedP', () => {
  it('agrees with the closed forms of one, two and four degrees of freedom to twelve digits', () => {
    for (const t of [0, 0.1, 0.5, 1, 2, 3.3, 12.7, 63, 400]) {
      assertNear(studentTwoSidedP(t, 1), 1 - (2 / Math.PI) * Math.atan(t), 1e-12);
      assertNear(studentTwoSidedP(t, 2), 1 - t / Math.sqrt(2 + t ** 2), 1e-12);
      const share = t / Math.sqrt(4 + t ** 2);
      assertNear(studentTwoSidedP(t, 4), 1 - share * (1 + 0.5 * (1 - share ** 2)), 1e-12);
    }
  });

  it('agrees with values of scipy 1.17, 2 * stats.t.sf(t, df)', () => {
    const known: [t: number, degrees: number, p: number][] = [
      [0.3, 3.7, 0.7802674871314622],
      [1.5, 6.2, 0.18271195969970408],
      [2.5, 10.9, 0.029683005582351454],
      [4.1, 22, 0.00047259257142225454],
      [9.5, 3.2, 0.0018875015310094224],
      [1.96, 1000, 0.050273184955748736],
      [6.3, 58.4, 4.237784101800873e-8],
    ];
    for (const [t, degrees, p] of known) assertNear(studentTwoSidedP(t, degrees), p, 1e-10);
  });

  it('counts both sides alike, and everything where nothing can be known', () => {
    assert.equal(studentTwoSidedP(-2, 5), studentTwoSidedP(2, 5));
    assert.equal(studentTwoSidedP(0, 5), 1);
    assert.equal(studentTwoSidedP(3, 0), 1);
    assert.equal(studentTwoSidedP(Number.POSITIVE_INFINITY, 5), 0);
  });
});

describe('studentQuantile', () => {
  it('is what the p-value of is told by, for any confidence and degrees', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.5, max: 0.9999, noNaN: true }),
        fc.double({ min: 1, max: 500, noNaN: true }),
        (confidence, degrees) => {
          assertNear(studentTwoSidedP(studentQuantile(confidence, degrees), degrees), 1 - confidence, 1e-9);
        },
      ),
    );
  });

  it('agrees with printed tables (Abramowitz and Stegun, table 26.10)', () => {
    assert.equal(studentQuantile95(1).toFixed(3), '12.706');
    assert.equal(studentQuantile95(3).toFixed(3), '3.182');
    assert.equal(studentQuantile95(40).toFixed(3), '2.021');
    assert.equal(studentQuantile95(120).toFixed(3), '1.980');
    assert.equal(studentQuantile(0.995, 5).toFixed(3), '4.773');
    assert.equal(studentQuantile(0.99, 30).toFixed(3), '2.750');
  });

  it('falls with every degree of freedom towards the normal quantile', () => {
    for (let degrees = 1; degrees < 200; degrees++) {
      assert.ok(studentQuantile95(degrees) > studentQuantile95(degrees + 1), `at ${degrees}`);
    }
    assertNear(studentQuantile95(1e6), NORMAL_QUANTILE_95, 1e-5);
  });

  it('is infinite where nothing can be known', () => {
    assert.equal(studentQuantile95(0), Number.POSITIVE_INFINITY);
    assert.equal(studentQuantile95(Number.NaN), Number.POSITIVE_INFINITY);
  });
});
