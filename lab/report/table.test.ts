import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatMegabytes, formatTable } from './table.ts';

describe('a table', () => {
  it('is as wide as its widest cells, figures flush right', () => {
    assert.equal(
      formatTable(
        ['name', 'Pss'],
        [
          ['bank', '8.0 MB'],
          ['collector', '12.5 MB'],
        ],
        ['Pss'],
      ),
      'name           Pss\nbank        8.0 MB\ncollector  12.5 MB',
    );
  });

  it('shows a dash where the system does not tell', () => {
    assert.deepEqual([formatMegabytes(61_440_000), formatMegabytes(undefined)], ['61.4 MB', '-']);
  });
});
