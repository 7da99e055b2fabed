import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { restartDelayMs } from './restart-policy.ts';

describe('a program that died', () => {
  it('is started again five times within a minute, each time later, then not at all', () => {
    const delays = [1, 2, 3, 4, 5, 6].map((count) =>
      restartDelayMs(
        Array.from({ length: count }, () => 1_000),
        1_000,
      ),
    );
    assert.deepEqual(delays, [250, 500, 1_000, 2_000, 4_000, undefined]);
  });

  it('has its old deaths forgiven after a minute', () => {
    assert.equal(restartDelayMs([0, 0, 0, 0, 0, 60_001], 60_001), 250);
  });
});
