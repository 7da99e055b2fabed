import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readShare } from './read-share.ts';

describe('readShare', () => {
  it('reads a decimal or a fraction', () => {
    const read = (text: string): unknown => {
      const share = readShare(text);
      return share.ok ? share.value : share.error;
    };
    assert.deepEqual(['1', '0.25', '1/16', ' 1/1024 '].map(read), [1, 0.25, 1 / 16, 1 / 1024]);
  });

  it('refuses what is no share, saying what is allowed', () => {
    for (const text of ['0', '2', '1/0', '0/0', '16', '-0.5', '10%', '', '1/16/2', 'half']) {
      const share = readShare(text);
      assert.ok(!share.ok, text);
      assert.match(share.error, /above 0 and at most 1, such as 0.0625 or 1\/16: was "/);
    }
  });
});
