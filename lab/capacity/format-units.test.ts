import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatBits, formatBothBytes, formatBytes, formatCount, formatLarge, formatShare } from './format-units.ts';

describe('units', () => {
  it('are decimal, and say Ti where they are not', () => {
    assert.deepEqual([0, 999, 1000, 213e6, 18.4032e12, 1e18].map(formatBytes), [
      '0 B',
      '999 B',
      '1.00 KB',
      '213.00 MB',
      '18.40 TB',
      '1.00 EB',
    ]);
    assert.equal(formatBothBytes(96.768e12), '96.77 TB (88.01 TiB)');
    assert.deepEqual([0, 49.71e9].map(formatBothBytes), ['0 B', '49.71 GB (46.30 GiB)']);
    assert.equal(formatBits(1.12e9), '8.96 Gbit/s');
  });

  it('keep what is small exact and what is large readable', () => {
    assert.deepEqual([0, 43.2e9, 1.296e9, 500].map(formatLarge), ['0', '43.20 billion', '1.30 billion', '500']);
    assert.deepEqual([2.5, 500_000, 99.999].map(formatCount), ['2.5', '500,000', '100']);
    assert.deepEqual([1, 1 / 16, 0.3].map(formatShare), ['all', '1/16', '30 %']);
  });
});
