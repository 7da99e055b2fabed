import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ROOT_CONTEXT, defaultTextMapGetter, defaultTextMapSetter, propagation, trace } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import * as fc from 'fast-check';
import { suppressTracing } from '../context/suppress.ts';
import { createPropagator } from './composite.ts';
import { MemberTraceState } from './trace-state.ts';

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03';
const propagator = createPropagator(['tracecontext', 'baggage']);
const extract = (headers: unknown, from: Context = ROOT_CONTEXT) =>
  propagator.extract(from, headers, defaultTextMapGetter);
const inject = (context: Context) => {
  const carrier: Record<string, string> = {};
  propagator.inject(context, carrier, defaultTextMapSetter);
  return carrier;
};

describe('trace context', () => {
  it('goes in and comes out the same, random flag and tracestate included', () => {
    const headers = { traceparent: TRACEPARENT, tracestate: 'ot=th:8,vendor=x@y' };
    const context = extract(headers);
    assert.equal(trace.getSpanContext(context)?.isRemote, true);
    assert.deepEqual(inject(context), headers);
  });

  it('sends version 00 and known flags only after a higher version', () => {
    const context = extract({ traceparent: 'cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-ff-extra' });
    assert.deepEqual(inject(context), { traceparent: TRACEPARENT });
  });

  it('keeps an earlier valid context where the header is malformed', () => {
    const earlier = extract({ traceparent: TRACEPARENT });
    for (const traceparent of [
      '',
      '00-0-0-0',
      TRACEPARENT.toUpperCase(),
      `${TRACEPARENT}-`,
      [TRACEPARENT, TRACEPARENT],
    ]) {
      assert.equal(extract({ traceparent }, earlier), earlier);
      assert.equal(trace.getSpanContext(extract({ traceparent })), undefined);
    }
  });

  it('drops a malformed tracestate alone, and joins repeated ones', () => {
    assert.deepEqual(inject(extract({ traceparent: TRACEPARENT, tracestate: 'A=1' })), { traceparent: TRACEPARENT });
    const joined = inject(extract({ traceparent: [TRACEPARENT], tracestate: ['a=1', 'b=2'] }));
    assert.deepEqual(joined, { traceparent: TRACEPARENT, tracestate: 'a=1,b=2' });
  });

  it('is not sent without a valid span, nor where tracing is suppressed', () => {
    assert.deepEqual(inject(ROOT_CONTEXT), {});
    assert.deepEqual(inject(suppressTracing(extract({ traceparent: TRACEPARENT, baggage: 'a=1' }))), {});
  });
});

describe('baggage', () => {
  it('goes in and comes out the same for any text', () => {
    const texts = fc.string({ unit: 'grapheme', maxLength: 40 });
    fc.assert(
      fc.property(texts, (value) => {
        const baggage = propagation.createBaggage({ key: { value } });
        const carried = inject(propagation.setBaggage(ROOT_CONTEXT, baggage));
        assert.equal(propagation.getBaggage(extract(carried))?.getEntry('key')?.value, value);
      }),
    );
  });

  it('keeps metadata, drops malformed members, and works without a trace', () => {
    const context = extract({ baggage: 'a=1;ttl=5, broken, b=x%20y' });
    const baggage = propagation.getBaggage(context);
    assert.deepEqual(
      baggage?.getAllEntries().map(([key, entry]) => [key, entry.value, entry.metadata?.toString()]),
      [
        ['a', '1', 'ttl=5'],
        ['b', 'x y', undefined],
      ],
    );
  });
});

it('extract never throws, whatever the headers hold', () => {
  const anything = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.array(fc.string(), { maxLength: 3 }),
    fc.constant(undefined),
  );
  fc.assert(
    fc.property(anything, anything, anything, (traceparent, tracestate, baggage) => {
      inject(extract({ traceparent, tracestate, baggage }));
      inject(extract({ traceparent: TRACEPARENT, tracestate, baggage }));
    }),
  );
});

it('only the configured propagators act, and name their fields', () => {
  assert.deepEqual(createPropagator([]).fields(), []);
  assert.deepEqual(propagator.fields(), ['traceparent', 'tracestate', 'baggage']);
});

it('a tracestate is immutable, puts a changed member first, and ignores an illegal one', () => {
  const state = MemberTraceState.parse('a=1,b=2');
  assert(state);
  assert.equal(state.set('b', '3').serialize(), 'b=3,a=1');
  assert.equal(state.unset('a').serialize(), 'b=2');
  assert.equal(state.set('UPPER', 'x').serialize(), 'a=1,b=2');
  assert.equal(state.get('b'), '2');
  assert.equal(state.serialize(), 'a=1,b=2');
});
