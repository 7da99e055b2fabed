/** B3 between processes: what a context holds after extract, and what the next process is told. The grammar is protocol's. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ROOT_CONTEXT, defaultTextMapGetter, defaultTextMapSetter, trace } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import * as fc from 'fast-check';
import type { PropagatorName } from '../config/propagator-list.ts';
import { ContextWithSpan, spanIn } from '../context/context-with-span.ts';
import { suppressTracing } from '../context/suppress.ts';
import { createParentBasedSampler } from '../sample/parent-based.ts';
import { alwaysOffSampler, alwaysOnSampler } from '../sample/always.ts';
import { NonRecordingSpan } from '../span/non-recording-span.ts';
import { SpanId } from '../span/span-id.ts';
import { createPropagator } from './composite.ts';
import { createPropagationCounts } from './counts.ts';

const TRACE_ID = '80f198ee56343ba864fe8b2a57d3eff7';
const SPAN_ID = 'e457b5a2e4d86bd1';
const OWN_ID = '00f067aa0ba902b7';
const OTHER_TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const IDS = `${TRACE_ID}-${SPAN_ID}`;

type Headers = Record<string, string | string[]>;
const extract = (names: readonly PropagatorName[], headers: Headers, from: Context = ROOT_CONTEXT) =>
  createPropagator(names).extract(from, headers, defaultTextMapGetter);
const inject = (names: readonly PropagatorName[], context: Context) => {
  const carrier: Record<string, string> = {};
  createPropagator(names).inject(context, carrier, defaultTextMapSetter);
  return carrier;
};
const remote = (context: Context) => trace.getSpanContext(context);

/** The context of a span of ours under the extracted one, as the server's instrumentation makes it. */
function continued(context: Context, isSampled: boolean): Context {
  const caller = spanIn(context);
  assert(caller instanceof NonRecordingSpan);
  const span = new NonRecordingSpan(caller.traceId, SpanId.parse(OWN_ID), isSampled ? 1 : 0, undefined);
  return ContextWithSpan.from(context, span);
}

describe('b3', () => {
  it('continues the trace of either form, without the random flag', () => {
    for (const headers of [
      { b3: `${IDS}-1` },
      { 'x-b3-traceid': TRACE_ID, 'x-b3-spanid': SPAN_ID, 'x-b3-sampled': '1' },
    ]) {
      for (const name of ['b3', 'b3multi'] as const) {
        assert.deepEqual(remote(extract([name], headers)), {
          traceId: TRACE_ID,
          spanId: SPAN_ID,
          traceFlags: 1,
          isRemote: true,
        });
      }
    }
  });

  it('reads the single header first, and what is malformed in it is not made up for by the others', () => {
    const multi = { 'x-b3-traceid': OTHER_TRACE_ID, 'x-b3-spanid': SPAN_ID };
    assert.equal(remote(extract(['b3'], { b3: `${IDS}-1`, ...multi }))?.traceId, TRACE_ID);
    for (const b3 of ['', '-', [`${IDS}-1`, `${IDS}-1`]]) {
      assert.equal(extract(['b3'], { b3, ...multi }), ROOT_CONTEXT);
    }
  });

  it('takes the first of a repeated decision, and no repeated id', () => {
    const ids = { 'x-b3-traceid': TRACE_ID, 'x-b3-spanid': SPAN_ID };
    assert.equal(remote(extract(['b3multi'], { ...ids, 'x-b3-sampled': ['0', '1'] }))?.traceFlags, 0);
    assert.equal(extract(['b3multi'], { ...ids, 'x-b3-spanid': [SPAN_ID, SPAN_ID] }), ROOT_CONTEXT);
  });

  it('keeps an earlier context where its headers are malformed or absent', () => {
    const earlier = extract(['tracecontext'], { traceparent: `00-${TRACE_ID}-${SPAN_ID}-01` });
    assert.equal(extract(['b3'], { b3: 'nonsense' }, earlier), earlier);
    assert.equal(extract(['b3'], {}, earlier), earlier);
  });

  it('writes one header, b3multi several, with our span and never a parent id', () => {
    const context = continued(extract(['b3'], { b3: `${IDS}-1` }), true);
    assert.deepEqual(inject(['b3'], context), { b3: `${TRACE_ID}-${OWN_ID}-1` });
    assert.deepEqual(inject(['b3multi'], continued(extract(['b3'], { b3: `${IDS}-0` }), false)), {
      'x-b3-traceid': TRACE_ID,
      'x-b3-spanid': OWN_ID,
      'x-b3-sampled': '0',
    });
  });

  it('names the headers that it writes', () => {
    assert.deepEqual(createPropagator(['b3']).fields(), ['b3']);
    const multi = ['x-b3-traceid', 'x-b3-spanid', 'x-b3-sampled', 'x-b3-flags'];
    assert.deepEqual(createPropagator(['b3multi']).fields(), multi);
    assert.deepEqual(createPropagator(['b3', 'b3multi', 'b3']).fields(), ['b3', ...multi]);
  });

  it('remembers debug and sends it on in either form', () => {
    for (const headers of [
      { b3: `${IDS}-d` },
      { 'x-b3-traceid': TRACE_ID, 'x-b3-spanid': SPAN_ID, 'x-b3-flags': '1' },
    ]) {
      const context = extract(['b3'], headers);
      assert.equal(remote(context)?.traceFlags, 1);
      const ours = continued(context, true);
      assert.deepEqual(inject(['b3'], ours), { b3: `${TRACE_ID}-${OWN_ID}-d` });
      assert.deepEqual(inject(['b3multi'], ours), {
        'x-b3-traceid': TRACE_ID,
        'x-b3-spanid': OWN_ID,
        'x-b3-flags': '1',
      });
      assert.deepEqual(inject(['tracecontext'], ours), { traceparent: `00-${TRACE_ID}-${OWN_ID}-01` });
    }
    const later = extract(['b3'], { b3: `${IDS}-1` }, extract(['b3'], { b3: `${IDS}-d` }));
    assert.deepEqual(inject(['b3'], continued(later, true)), { b3: `${TRACE_ID}-${OWN_ID}-1` }, 'the mark is not kept');
  });

  it('leaves the decision to our sampler where the caller deferred, and passes it on undecided where we make no span', () => {
    const context = extract(['b3'], { b3: IDS });
    const caller = spanIn(context);
    assert(caller instanceof NonRecordingSpan);
    for (const root of [alwaysOnSampler, alwaysOffSampler]) {
      const { isSampled } = createParentBasedSampler({ root }).sample(caller.traceId, caller, 'name', {});
      assert.equal(isSampled, root === alwaysOnSampler);
    }
    assert.deepEqual(inject(['b3'], context), { b3: IDS });
  });

  it('holds a decision without ids as no parent, and passes it on where we make no span', () => {
    for (const [header, traceFlags] of [
      ['0', 0],
      ['1', 1],
      ['d', 1],
    ] as const) {
      const context = extract(['b3'], { b3: header });
      const found = remote(context);
      assert.deepEqual([found?.traceFlags, found?.isRemote], [traceFlags, true]);
      assert(!trace.isSpanContextValid(found ?? { traceId: '', spanId: '', traceFlags: 0 }));
      assert.deepEqual(inject(['b3'], context), { b3: header });
      assert.deepEqual(inject(['tracecontext'], context), {});
    }
  });

  it('is not sent without a span, nor where tracing is suppressed', () => {
    assert.deepEqual(inject(['b3', 'b3multi'], ROOT_CONTEXT), {});
    assert.deepEqual(inject(['b3'], suppressTracing(extract(['b3'], { b3: `${IDS}-1` }))), {});
  });

  it('sends all 32 digits of a W3C trace, and its decision', () => {
    const context = extract(['tracecontext'], { traceparent: `00-${TRACE_ID}-${SPAN_ID}-02`, tracestate: 'a=1' });
    assert.deepEqual(inject(['b3'], context), { b3: `${IDS}-0` });
  });

  it('goes to W3C with an empty tracestate', () => {
    assert.deepEqual(inject(['tracecontext'], extract(['b3'], { b3: `${IDS}-1` })), { traceparent: `00-${IDS}-01` });
  });
});

describe('traceparent and b3 in one request', () => {
  const traceparent = `00-${TRACE_ID}-${SPAN_ID}-03`;
  const read = (names: readonly PropagatorName[], headers: Headers) => {
    const counts = createPropagationCounts();
    const context = createPropagator(names, { counts }).extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
    return { context, span: remote(context), conflicts: counts.traceContextConflicts };
  };

  it('that disagree are counted, and traceparent is believed wherever it stands in the list', () => {
    for (const names of [
      ['tracecontext', 'b3'],
      ['b3multi', 'baggage', 'tracecontext'],
    ] as const) {
      for (const b3 of [
        `${OTHER_TRACE_ID}-${SPAN_ID}-1`,
        `${TRACE_ID}-${OWN_ID}-1`,
        `${IDS}-0`,
        `${IDS.slice(16)}-1`,
        '0',
      ]) {
        const { span, conflicts } = read(names, { traceparent, b3 });
        assert.deepEqual([span?.traceId, span?.spanId, span?.traceFlags, conflicts], [TRACE_ID, SPAN_ID, 3, 1]);
      }
    }
  });

  it('that agree are no conflict, and the debug mark is kept', () => {
    for (const b3 of [`${IDS}-1`, IDS, '1'])
      assert.equal(read(['b3', 'tracecontext'], { traceparent, b3 }).conflicts, 0);
    const { context, conflicts } = read(['b3', 'tracecontext'], { traceparent, b3: `${IDS}-d` });
    assert.equal(conflicts, 0);
    assert.deepEqual(inject(['b3'], context), { b3: `${IDS}-d` });
  });

  it('of which one is malformed are read by the other', () => {
    assert.equal(read(['tracecontext', 'b3'], { traceparent: 'x', b3: `${IDS}-1` }).span?.traceId, TRACE_ID);
    assert.deepEqual(read(['tracecontext', 'b3'], { traceparent, b3: '-' }).conflicts, 0);
  });
});

it('what callers send is not read where it is not trusted, and what we send is as ever', () => {
  const propagator = createPropagator(['tracecontext', 'b3', 'baggage'], { isIncomingTrusted: false });
  const headers = { traceparent: `00-${IDS}-01`, tracestate: 'a=1', b3: `${IDS}-1`, baggage: 'a=1' };
  assert.equal(propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter), ROOT_CONTEXT);
  const carrier = {};
  propagator.inject(extract(['tracecontext'], headers), carrier, defaultTextMapSetter);
  assert.deepEqual(carrier, { traceparent: `00-${IDS}-01`, tracestate: 'a=1', b3: `${IDS}-1` });
});

it('no header makes extract throw', () => {
  const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom(IDS, `${IDS}-d`, '0', TRACE_ID));
  const header = fc.oneof(text, fc.array(text, { maxLength: 3 }), fc.constant(undefined));
  const names = ['b3', 'x-b3-traceid', 'x-b3-spanid', 'x-b3-sampled', 'x-b3-flags', 'traceparent'];
  const headers = fc.record(Object.fromEntries(names.map((name) => [name, header])), { requiredKeys: [] });
  const all: PropagatorName[] = ['b3', 'tracecontext', 'b3multi'];
  fc.assert(
    fc.property(headers, (given) => {
      inject(all, extract(all, given as Headers));
    }),
  );
});
