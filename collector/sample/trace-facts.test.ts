import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { gather } from '../fixtures/decided.ts';
import { spanIdFor, type SpanSketch } from '../fixtures/make-trace.ts';
import { TraceFacts } from './trace-facts.ts';

describe('TraceFacts', () => {
  it('counts errors and spans whose parent is not there, in small traces and in large ones', () => {
    const span = fc.record({
      // Of its own index, or of one that no span has.
      parent: fc.option(fc.nat(120), { nil: undefined }),
      isError: fc.boolean(),
    });
    const facts = new TraceFacts();
    fc.assert(
      fc.property(fc.array(span, { minLength: 1, maxLength: 100 }), (spans) => {
        const sketches = spans.map(({ parent, isError }, index): SpanSketch => ({
          spanId: spanIdFor(index),
          isError,
          ...(parent === undefined ? {} : { parentSpanId: spanIdFor(parent) }),
        }));
        const { missingParents, errorCount, root } = facts.gather(gather(sketches));
        assert.equal(missingParents, spans.filter(({ parent = -1 }) => parent >= spans.length).length);
        assert.equal(errorCount, spans.filter(({ isError }) => isError).length);
        assert.equal(
          root !== undefined,
          spans.some(({ parent }) => parent === undefined),
        );
      }),
    );
  });

  it('takes the earliest span without a parent as the root', () => {
    const facts = new TraceFacts();
    const trace = gather([
      { spanId: spanIdFor(0), startMs: 5, endMs: 9 },
      { spanId: spanIdFor(1), startMs: 2, endMs: 3 },
      { spanId: spanIdFor(2), startMs: 4, endMs: 8 },
    ]);
    assert.equal(facts.gather(trace).root?.row, 1);
    assert.equal(facts.extent.durationNano, 7e6);
  });
});
