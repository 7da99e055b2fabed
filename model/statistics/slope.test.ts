import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { slope } from './slope.ts';

describe('slope', () => {
  it('is that of the line which the points lie on, or lie around evenly', () => {
    assert.equal(slope([0, 1, 2, 3].map((x) => ({ x, y: 5 - 2 * x }))), -2);
    const above = [1, -1, -1, 1].map((offset, x) => ({ x, y: 3 * x + offset }));
    assert.equal(slope(above), 3);
  });

  it('is not a number for one place', () => {
    assert.ok(Number.isNaN(slope([{ x: 1, y: 1 }])));
    assert.ok(Number.isNaN(slope([])));
  });
});
