import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { arbitraryDeliveries, arbitraryRedelivery, flattenAll, makeSpan, spanId } from '../test-kit/arbitrary-spans.ts';
import type { TraceSpan } from './flatten.ts';
import { selfTimeNano } from './self-time.ts';
import { buildTraceTree, visitInOrder } from './tree.ts';
import type { SpanNode, TraceTree } from './tree.ts';

/** The tree as an outline, which says everything but the counts. */
function outline(tree: TraceTree): string[] {
  const lines: string[] = [];
  visitInOrder(tree, (node) => {
    const end = node.span.endTimeUnixNano;
    lines.push(
      `${'. '.repeat(node.depth)}${node.span.name} of ${node.span.serviceName} until ${end}${node.isOrphan ? ' (orphan)' : ''}`,
    );
  });
  return lines;
}

function timed(number: number, parent: number, start: number, end: number): TraceSpan {
  return makeSpan(number, parent, { startTimeUnixNano: BigInt(start), endTimeUnixNano: BigInt(end) });
}

function nodeOf(tree: TraceTree, number: number): SpanNode {
  return tree.nodeBySpanId.get(spanId(number)) ?? assert.fail(`span ${number} should be in the tree`);
}

function chain(length: number): TraceSpan[] {
  return Array.from({ length }, (_, index) => timed(index + 1, index, index, 2 * length - index)).toReversed();
}

describe('buildTraceTree', () => {
  it('gives the same tree for shuffled and repeated spans', () => {
    fc.assert(
      fc.property(arbitraryRedelivery, ({ once, again }) => {
        const tree = buildTraceTree(flattenAll(once));
        const later = buildTraceTree(flattenAll(again));
        assert.deepEqual(outline(later), outline(tree));
        assert.equal(later.orphanCount, tree.orphanCount);
        assert.equal(later.duplicateCount, again.length - once.length);
      }),
    );
  });

  it('holds every span once, under its parent or as a root, whatever the parent links are', () => {
    fc.assert(
      fc.property(arbitraryDeliveries, (deliveries) => {
        const tree = buildTraceTree(flattenAll(deliveries));
        const seen = new Set<SpanNode>();
        visitInOrder(tree, (node) => {
          assert.ok(!seen.has(node));
          seen.add(node);
          assert.equal(node.depth, node.parent === undefined ? 0 : node.parent.depth + 1);
          assert.equal(node.isOrphan, node.parent === undefined && node.span.parentSpanId !== '');
          if (node.parent !== undefined) assert.equal(node.parent.span.spanId, node.span.parentSpanId);
        });
        assert.equal(seen.size, deliveries.length);
      }),
    );
  });

  it('builds the tree when the root comes last', () => {
    const spans = [timed(3, 2, 2, 3), timed(4, 1, 1, 2), timed(2, 1, 1, 4), timed(1, 0, 0, 5)];
    assert.deepEqual(outline(buildTraceTree(spans)), [
      'span 1 of gateway until 5',
      '. span 2 of gateway until 4',
      '. . span 3 of gateway until 3',
      '. span 4 of gateway until 2',
    ]);
  });

  it('makes spans without their parent orphans, behind the true root', () => {
    const tree = buildTraceTree([timed(9, 8, 0, 1), timed(1, 0, 5, 6)]);
    assert.deepEqual(outline(tree), ['span 1 of gateway until 6', 'span 9 of gateway until 1 (orphan)']);
    assert.deepEqual([tree.startTimeUnixNano, tree.endTimeUnixNano, tree.orphanCount], [0n, 6n, 1]);
  });

  it('ends cycles at their earliest span, also where a span is its own parent', () => {
    const tree = buildTraceTree([
      timed(1, 3, 2, 9),
      timed(2, 1, 1, 9),
      timed(3, 2, 3, 9),
      timed(4, 3, 4, 9),
      timed(5, 5, 0, 9),
    ]);
    assert.deepEqual(outline(tree), [
      'span 5 of gateway until 9 (orphan)',
      'span 2 of gateway until 9 (orphan)',
      '. span 3 of gateway until 9',
      '. . span 1 of gateway until 9',
      '. . span 4 of gateway until 9',
    ]);
  });

  it('keeps the record that ends later of two with one id', () => {
    const spans = [timed(1, 0, 0, 5), timed(1, 0, 0, 7)];
    for (const order of [spans, spans.toReversed()]) {
      assert.equal(nodeOf(buildTraceTree(order), 1).span.endTimeUnixNano, 7n);
    }
  });

  it('is empty for no spans', () => {
    const tree = buildTraceTree([]);
    assert.deepEqual([tree.roots, tree.startTimeUnixNano, tree.endTimeUnixNano], [[], 0n, 0n]);
  });

  for (const depth of [2505, 100_000]) {
    it(`joins a chain of ${depth} spans without recursion`, () => {
      const tree = buildTraceTree(chain(depth));
      let deepest = 0;
      visitInOrder(tree, (node) => {
        deepest = Math.max(deepest, node.depth);
        assert.equal(selfTimeNano(node), 2n);
      });
      assert.equal(deepest, depth - 1);
    });
  }

  it('joins 100,000 siblings and 200,000 orphans', () => {
    const siblings = Array.from({ length: 100_000 }, (_, index) => timed(index + 2, 1, index, index + 1));
    assert.equal(nodeOf(buildTraceTree([...siblings, timed(1, 0, 0, 1)]), 1).children.length, 100_000);
    const orphans = Array.from({ length: 200_000 }, (_, index) => timed(index + 2, 1, index, index + 1));
    assert.equal(buildTraceTree(orphans).orphanCount, 200_000);
  });
});

describe('selfTimeNano', () => {
  const cases: [string, [number, number][], bigint][] = [
    ['without children', [], 100n],
    ['one child in the middle', [[20, 50]], 70n],
    [
      'two children that overlap',
      [
        [20, 50],
        [40, 60],
      ],
      60n,
    ],
    [
      'a child inside another',
      [
        [20, 60],
        [30, 40],
      ],
      60n,
    ],
    [
      'children that touch',
      [
        [0, 50],
        [50, 100],
      ],
      0n,
    ],
    [
      'a child that begins before and one that ends after',
      [
        [-50, 10],
        [90, 200],
      ],
      80n,
    ],
    [
      'children outside',
      [
        [-50, -10],
        [150, 200],
      ],
      100n,
    ],
    ['a child over everything', [[-50, 200]], 0n],
    ['a child of no length', [[50, 50]], 100n],
  ];
  for (const [what, children, expected] of cases) {
    it(`is ${expected} of 100 ns with ${what}`, () => {
      const spans = children.map(([start, end], index) => timed(index + 2, 1, 1000 + start, 1000 + end));
      assert.equal(selfTimeNano(nodeOf(buildTraceTree([timed(1, 0, 1000, 1100), ...spans]), 1)), expected);
    });
  }

  it('counts the nanoseconds in which no child is open', () => {
    fc.assert(
      fc.property(arbitraryDeliveries, (deliveries) => {
        visitInOrder(buildTraceTree(flattenAll(deliveries)), (node) => {
          let expected = 0n;
          for (let at = node.span.startTimeUnixNano; at < node.span.endTimeUnixNano; at++) {
            const isCovered = node.children.some(
              ({ span }) => span.startTimeUnixNano <= at && at < span.endTimeUnixNano,
            );
            if (!isCovered) expected++;
          }
          assert.equal(selfTimeNano(node), expected);
        });
      }),
    );
  });
});
