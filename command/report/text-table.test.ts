import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { drawTextTable, type TextTable } from './text-table.ts';

const TABLE: TextTable = {
  columns: [
    { heading: 'case', align: 'left' },
    { heading: 'ns', align: 'right' },
    { heading: 'verdict', align: 'left' },
  ],
  rows: [['root', '7', 'met'], ['child', '1200'], []],
};

describe('a table on a terminal', () => {
  it('has columns as wide as their widest cell, no blank at a line’s end, and a rule below the headings', () => {
    assert.equal(
      drawTextTable(TABLE),
      ['case     ns  verdict', '─────  ────  ───────', 'root      7  met', 'child  1200', ''].join('\n'),
    );
  });

  it('does without a rule', () => {
    assert.equal(drawTextTable({ ...TABLE, rows: [] }, ''), 'case  ns  verdict');
  });
});
