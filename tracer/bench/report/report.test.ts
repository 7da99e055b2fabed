import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatCount, formatInterval, formatRatio, formatTarget, verdict } from './format.ts';
import { drawReport } from './draw-report.ts';

const around = (estimate: number, reach: number) => ({ estimate, low: estimate - reach, high: estimate + reach });

describe('a verdict', () => {
  it('needs the whole interval on one side of the target', () => {
    assert.equal(verdict(around(0.1, 0.02), 0.125), 'met');
    assert.equal(verdict(around(0.12, 0.02), 0.125), 'unclear');
    assert.equal(verdict(around(0.2, 0.02), 0.125), 'not met');
  });

  it('knows nothing from an unbounded interval', () => {
    assert.equal(verdict({ estimate: 0.1, low: -Infinity, high: Infinity }, 0.125), 'unclear');
  });

  it('stands beside the target as a fraction', () => {
    assert.equal(formatTarget(around(0.1, 0.01), 1 / 8), '1/8 met');
    assert.equal(formatTarget(around(0.1, 0.01), undefined), '-');
  });
});

describe('the report', () => {
  it('writes figures with the digits that they can bear', () => {
    assert.equal(formatInterval(around(0.1234, 0.0111), formatRatio), '0.123 [0.112..0.135]');
    assert.equal(formatInterval({ estimate: 0.1, low: -Infinity, high: Infinity }, formatRatio), '0.100 [no interval]');
    assert.equal(formatRatio(0.0456), '0.046');
    assert.equal(formatCount(1_234_567), '1,234,567');
  });

  it('aligns names to the left and figures to the right', () => {
    const report = {
      title: 'micro',
      table: {
        headings: ['case', 'ns'],
        rows: [
          ['root', '7'],
          ['child', '1200'],
        ],
      },
      notes: ['a note'],
    };
    assert.equal(
      drawReport(report),
      ['micro', '', 'case     ns', '─────  ────', 'root      7', 'child  1200', '', '  a note'].join('\n'),
    );
  });
});
