import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { checkoutTrace } from '../test-kit/checkout-trace.ts';
import { largeTrace } from '../test-kit/large-trace.ts';
import { findSpans, nextPosition } from './find-spans.ts';
import { applyCursorCommand } from './row-cursor.ts';
import type { CursorCommand } from './row-cursor.ts';
import { buildTraceIndex } from './trace-index.ts';
import { collapsedAncestors, expandableSiblings, rowOfNode, visibleRows } from './visible-rows.ts';

const index = buildTraceIndex(
  'checkout',
  checkoutTrace({ seed: 1, startTimeUnixNano: 1_700_000_000_000_000_000n, bankMs: 870.123456 }),
);
const large = buildTraceIndex('large', largeTrace(500, 0n));
const idAt = (position: number): string => index.nodes[position]?.span.spanId ?? '';

describe('the index of a trace', () => {
  it('holds every span once, parents before their children, with its exact times', () => {
    assert.equal(index.nodes.length, 13);
    assert.deepEqual(index.nodes.map((node) => node.span.serviceName).slice(0, 5), [
      'gateway',
      'gateway',
      'checkout',
      'checkout',
      'pricing',
    ]);
    const bank = index.nodes.findIndex((node) => node.span.name === 'POST bank');
    assert.equal((index.endOffsets[bank] ?? 0) - (index.startOffsets[bank] ?? 0), 870_123_456);
    assert.equal(index.durationNano, 1_200_123_456n);
  });

  it('counts subtrees and siblings', () => {
    assert.equal(index.subtreeSizes[0], 13);
    assert.deepEqual(Array.from(index.siblingPositions.subarray(2, 5)), [1, 1, 1]);
    assert.equal(index.siblingCounts[3], 3);
  });
});

describe('the visible rows', () => {
  it('are all spans but those below a collapsed one, for any set of collapsed spans', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 499 }), { maxLength: 20 }), (positions) => {
        const collapsed = new Set(positions.map((position) => large.nodes[position]?.span.spanId ?? ''));
        const expected = large.nodes.flatMap((_, position) =>
          collapsedAncestors(large, position, collapsed).length === 0 ? [position] : [],
        );
        const rows = visibleRows(large, collapsed);
        assert.deepEqual([...rows], expected);
        large.nodes.forEach((_, position) => assert.equal(rowOfNode(rows, position), expected.indexOf(position)));
      }),
      { numRuns: 25 },
    );
  });

  it('names the siblings that open together', () => assert.equal(expandableSiblings(index, 3).length, 3));
});

describe('the cursor', () => {
  const view = (collapsed: readonly string[] = []) => ({
    index,
    rows: visibleRows(index, new Set(collapsed)),
    collapsed: new Set(collapsed),
    pageRows: 5,
  });
  const cases: [command: CursorCommand, from: number, row: number][] = [
    ['down', 0, 1],
    ['up', 0, 0],
    ['page-down', 10, 12],
    ['page-up', 7, 2],
    ['last', 3, 12],
    ['first', 3, 0],
    ['in', 2, 3],
    ['out', 12, 11],
    ['in', 12, 12],
  ];
  for (const [command, from, row] of cases) {
    it(`goes from row ${from} to row ${row} on ${command}`, () =>
      assert.deepEqual(applyCursorCommand(view(), from, command), { kind: 'move', row }));
  }

  it('closes an open span on out, and opens a closed one on in', () => {
    assert.deepEqual(applyCursorCommand(view(), 2, 'out'), { kind: 'toggle', spanId: idAt(2) });
    assert.deepEqual(applyCursorCommand(view([idAt(2)]), 2, 'in'), { kind: 'toggle', spanId: idAt(2) });
  });

  it('climbs from a closed span to its parent', () =>
    assert.deepEqual(applyCursorCommand(view([idAt(4)]), 4, 'out'), { kind: 'move', row: 3 }));
});

describe('finding spans', () => {
  it('looks into services, names and attributes, whatever the case', () => {
    const found = findSpans(index, 'SQLite').map((position) => index.nodes[position]?.span.name);
    assert.deepEqual(found, ['UPDATE products']);
    assert.equal(findSpans(index, 'POST /PAYMENTS').length, 1);
    assert.deepEqual(findSpans(index, '  '), []);
  });

  it('goes round the end in both directions', () => {
    assert.equal(nextPosition([2, 5], 5, 1), 2);
    assert.equal(nextPosition([2, 5], 2, -1), 5);
    assert.equal(nextPosition([], 2, 1), undefined);
  });
});
