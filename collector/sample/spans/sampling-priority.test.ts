import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { priorityOf } from './sampling-priority.ts';

describe('priorityOf', () => {
  it('drops at 0 and keeps above, as a number or as text that is one', () => {
    for (const value of [0n, 0, -0, '0', '0.0', '-0', '0e5']) assert.equal(priorityOf(value), 'drop', String(value));
    for (const value of [1n, 0.5, '1', '+.5', '1.', '1e3', 'Inf', '+infinity'])
      assert.equal(priorityOf(value), 'keep', String(value));
  });

  it('leaves the choice to the sampler at everything else', () => {
    for (const value of [undefined, null, -1n, -0.5, '-1', '-inf', '', ' 1', '1 ', 'yes', 'nan', '1e999', true, false])
      assert.equal(priorityOf(value), undefined, String(value));
    assert.equal(priorityOf(Number.NaN), undefined);
  });
});
