import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { spanIdFor, TRACE_ID, tracesOf } from '../fixtures/make-trace.ts';
import { AcknowledgedSpans } from './acknowledged-spans.ts';

const span = (index: number, name = 'work'): { traceId: string; spanId: string; name: string } => ({
  traceId: TRACE_ID,
  spanId: spanIdFor(index),
  name,
});

describe('AcknowledgedSpans', () => {
  const acknowledged = new AcknowledgedSpans();
  acknowledged.add(7, [span(0), span(1)]);
  acknowledged.add(8, [span(1), span(2, 'one'), span(2, 'other')]);

  it('finds nothing where each span is there once, whatever the name of one that came with two', () => {
    for (const name of ['one', 'other'])
      assert.equal(acknowledged.findLoss(TRACE_ID, tracesOf([span(2, name), span(0), span(1)])), undefined);
    assert.deepEqual([acknowledged.spanCount, acknowledged.requestOf(TRACE_ID)], [3, 7]);
  });

  it('finds what is gone, there twice, changed or invented', () => {
    const all = [span(0), span(1), span(2)];
    const losses: [ReturnType<typeof tracesOf> | undefined, RegExp][] = [
      [undefined, /is gone: 3 spans/],
      [tracesOf(all.slice(1)), /0001 of trace .* is gone/],
      [tracesOf([...all, span(0)]), /0001 of trace .* is there twice/],
      [tracesOf([span(0, 'changed'), ...all.slice(1)]), /0001 of trace .* has another name: changed/],
      [tracesOf([...all, span(3)]), /0004 of trace .* was never acknowledged/],
    ];
    for (const [data, why] of losses) assert.match(acknowledged.findLoss(TRACE_ID, data) ?? '', why);
  });
});
