import assert from 'node:assert/strict';
import { ROOT_CONTEXT, context, createContextKey, trace } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import { behaviour } from './behaviour.ts';
import type { Area, Traced } from './behaviour.ts';
import { REMOTE, below } from './remote-parent.ts';

const KEY = createContextKey('contract');
const OTHER = createContextKey('another');

/** A context as an application finds it inside of a span, which some tracer made. */
function insideSpan({ tracer }: Traced, from: Context = ROOT_CONTEXT): Context {
  return tracer.startActiveSpan('span', {}, from, (span) => {
    span.end();
    return context.active();
  });
}

export const contextValues: Area = {
  title: 'the values of a context inside of a span',
  behaviours: [
    behaviour('are those of the context around it', (traced) => {
      const inside = insideSpan(traced, ROOT_CONTEXT.setValue(KEY, 'value'));
      assert.equal(inside.getValue(KEY), 'value');
      assert.equal(inside.getValue(OTHER), undefined);
    }),
    behaviour('never change: setValue and deleteValue give another context', (traced) => {
      const inside = insideSpan(traced);
      const outer = inside.setValue(KEY, 'outer');
      const inner = outer.setValue(KEY, 'inner').setValue(OTHER, undefined);
      assert.deepEqual(
        [inside, outer, inner].map((each) => each.getValue(KEY)),
        [undefined, 'outer', 'inner'],
      );
      assert.equal(outer.deleteValue(KEY).getValue(KEY), undefined);
      assert.equal(outer.getValue(KEY), 'outer');
    }),
    behaviour('go on beside the span', (traced) => {
      const inside = insideSpan(traced);
      const span = trace.getSpan(inside);
      assert(span !== undefined);
      for (const each of [inside.setValue(KEY, 1), inside.setValue(KEY, 1).deleteValue(KEY), inside.deleteValue(KEY)])
        assert.equal(trace.getSpan(each), span);
    }),
    behaviour('stay where another span is set', (traced) => {
      const other = trace.setSpanContext(insideSpan(traced).setValue(KEY, 'value'), REMOTE);
      assert.equal(trace.getSpanContext(other)?.spanId, REMOTE.spanId);
      assert.equal(other.getValue(KEY), 'value');
    }),
    behaviour('hold no span at all after deleteSpan, not even the one around', (traced) => {
      const bare = trace.deleteSpan(insideSpan(traced, below(REMOTE).setValue(KEY, 'value')));
      assert.equal(trace.getSpan(bare), undefined);
      assert.equal(bare.getValue(KEY), 'value');
    }),
  ],
};
