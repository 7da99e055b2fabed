/** Our context against the API's own: whatever is done to both in turn, they say the same. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { INVALID_SPAN_CONTEXT, ROOT_CONTEXT, createContextKey, propagation, trace } from '@opentelemetry/api';
import type { Context, Span } from '@opentelemetry/api';
import * as fc from 'fast-check';
import { ContextWithSpan, spanIn } from './context-with-span.ts';
import { isTracingSuppressed, suppressTracing } from './suppress.ts';

const KEYS = ['a', 'b'].map((name) => createContextKey(name));
const SPANS = Array.from({ length: 3 }, () => trace.wrapSpanContext({ ...INVALID_SPAN_CONTEXT }));

type SetSpan = (context: Context, span: Span) => Context;
type Change = (context: Context, setSpan: SetSpan) => Context;

const key = fc.constantFrom(...KEYS);
// Plain JavaScript unsets a span by setting none.
const span = fc.constantFrom<Span | undefined>(...SPANS, undefined) as fc.Arbitrary<Span>;
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(key, fc.option(fc.nat(9))).map(
    ([at, value]): Change =>
      (context) =>
        context.setValue(at, value),
  ),
  key.map(
    (at): Change =>
      (context) =>
        context.deleteValue(at),
  ),
  span.map(
    (to): Change =>
      (context, setSpan) =>
        setSpan(context, to),
  ),
  span.map(
    (to): Change =>
      (context) =>
        trace.setSpan(context, to),
  ),
  fc.constant<Change>((context) => trace.setSpanContext(context, INVALID_SPAN_CONTEXT)),
  fc.constant<Change>((context) => trace.deleteSpan(context)),
  fc.nat(9).map((user): Change => {
    const baggage = propagation.createBaggage({ user: { value: String(user) } });
    return (context) => propagation.setBaggage(context, baggage);
  }),
  fc.constant<Change>((context) => propagation.deleteBaggage(context)),
  fc.constant<Change>((context) => suppressTracing(context)),
);
/** Made from any context of before, so that a context which changes after it was made is seen as well. */
const step = fc.record({ from: fc.nat(), apply: change });

function sayings(context: Context): unknown {
  return {
    values: KEYS.map((each) => context.getValue(each)),
    span: SPANS.indexOf(trace.getSpan(context) as Span),
    spanIn: SPANS.indexOf(spanIn(context) as Span),
    hasSpan: trace.getSpan(context) !== undefined,
    spanContext: trace.getSpanContext(context),
    baggage: propagation.getBaggage(context)?.getAllEntries(),
    isSuppressed: isTracingSuppressed(context),
  };
}

it('a context with its span in a field is like the one of the API after any changes, and never changes itself', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 15 }), (steps) => {
      const ours: Context[] = [ROOT_CONTEXT];
      const theirs: Context[] = [ROOT_CONTEXT];
      for (const { from, apply } of steps) {
        const at = from % ours.length;
        ours.push(apply(ours[at] ?? ROOT_CONTEXT, (context, to) => ContextWithSpan.from(context, to)));
        theirs.push(apply(theirs[at] ?? ROOT_CONTEXT, (context, to) => trace.setSpan(context, to)));
      }
      assert.deepEqual(ours.map(sayings), theirs.map(sayings));
    }),
    { numRuns: 1000 },
  );
});

it('a span in the context of a span in the context of a span costs no depth', () => {
  const [first] = SPANS;
  const [value] = KEYS;
  assert(first !== undefined && value !== undefined);
  let context = ROOT_CONTEXT.setValue(value, 'kept');
  for (let depth = 0; depth < 100_000; depth++) context = ContextWithSpan.from(context, first);
  assert.equal(context.getValue(value), 'kept');
});
