/** What a started tracer makes of the headers of its callers: B3's decisions, baggage on spans, distrust, and long chains. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import {
  ROOT_CONTEXT,
  defaultTextMapGetter,
  defaultTextMapSetter,
  isSpanContextValid,
  propagation,
  trace,
} from '@opentelemetry/api';
import type { Span } from '@opentelemetry/api';
import * as fc from 'fast-check';
import { only } from '../test-kit/received-span.ts';
import { startTracing } from '../test-kit/tracing.ts';
import type { Tracing } from '../test-kit/tracing.ts';

const TRACE_ID = '80f198ee56343ba864fe8b2a57d3eff7';
const SPAN_ID = 'e457b5a2e4d86bd1';
const TRACEPARENT = `00-${TRACE_ID}-${SPAN_ID}-01`;
type Headers = Record<string, string>;

let tracing: Tracing | undefined;
afterEach(async () => {
  await tracing?.close();
  tracing = undefined;
});

async function run(environment: Record<string, string>): Promise<Tracing> {
  tracing = await startTracing(environment);
  return tracing;
}

/** A span under what these headers say, ended, and the headers that a call under it sends. */
function serve(headers: Headers): { span: Span; sent: Headers } {
  const caller = propagation.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
  const span = trace.getTracer('test').startSpan('served', { attributes: { own: 'mine' } }, caller);
  const sent: Headers = {};
  propagation.inject(trace.setSpan(caller, span), sent, defaultTextMapSetter);
  span.end();
  return { span, sent };
}

describe('a caller that speaks B3', () => {
  it('is denied, accepted or left to us without ids, in a trace of our own', async () => {
    for (const [sampler, header, isRecorded] of [
      ['parentbased_always_on', '0', false],
      ['parentbased_always_off', '1', true],
      ['parentbased_always_off', 'd', true],
    ] as const) {
      await run({ OTEL_PROPAGATORS: 'b3', OTEL_TRACES_SAMPLER: sampler });
      const { span, sent } = serve({ b3: header });
      const { traceId, spanId } = span.spanContext();
      assert(isSpanContextValid(span.spanContext()));
      assert.equal(sent['b3'], `${traceId}-${spanId}-${header}`);
      const spans = (await tracing?.spans()) ?? [];
      assert.equal(spans.length, isRecorded ? 1 : 0);
      if (isRecorded) assert.equal(only(spans).parentSpanId, '', 'there is no parent');
      await tracing?.close();
      tracing = undefined;
    }
  });

  it('that defers is decided by our sampler, in its trace', async () => {
    await run({ OTEL_PROPAGATORS: 'b3', OTEL_TRACES_SAMPLER: 'parentbased_always_on' });
    const { span, sent } = serve({ b3: `${TRACE_ID}-${SPAN_ID}` });
    assert.equal(sent['b3'], `${TRACE_ID}-${span.spanContext().spanId}-1`);
    const received = only((await tracing?.spans()) ?? []);
    assert.deepEqual([received.traceId, received.parentSpanId], [TRACE_ID, SPAN_ID]);
  });
});

describe('baggage on spans', () => {
  const BAGGAGE = 'user.tier=gold,cart=7;private,own=theirs';

  it('is not there unless asked for', async () => {
    const { spans } = await run({});
    serve({ baggage: BAGGAGE });
    assert.deepEqual(only(await spans()).attributes, { own: 'mine' });
  });

  it('is copied by the keys that are chosen', async () => {
    const { spans } = await run({ TRACELAB_BAGGAGE_ATTRIBUTES: 'user.tier, absent' });
    serve({ baggage: BAGGAGE });
    assert.deepEqual(only(await spans()).attributes, { own: 'mine', 'user.tier': 'gold' });
    serve({ traceparent: TRACEPARENT });
    assert.deepEqual(only(await spans()).attributes, { own: 'mine' });
  });

  it('is copied whole with *, within bounds, and what the application sets wins', async () => {
    const { spans } = await run({ TRACELAB_BAGGAGE_ATTRIBUTES: '*' });
    serve({ baggage: BAGGAGE });
    assert.deepEqual(only(await spans()).attributes, { own: 'mine', 'user.tier': 'gold', cart: '7' });
    const many = Array.from({ length: 60 }, (_, index) => `k${index}=${'v'.repeat(100)}`).join();
    serve({ baggage: `long=${'x'.repeat(2000)},${many}` });
    const { attributes } = only(await spans());
    assert.equal(Object.keys(attributes).length, 1 + 16);
    assert.equal(attributes['long'], 'x'.repeat(1024));
  });

  it('is counted where members are dropped, coming or going', async () => {
    const { handle } = await run({ OTEL_TRACES_SAMPLER: 'always_off' });
    serve({ baggage: 'a=1,broken,b=2,=3' });
    assert.equal(handle.switch.counts().propagation?.baggageMembersDropped, 2);
    const unsayable = propagation.createBaggage({ 'a b': { value: '1' }, c: { value: '2' } });
    const sent = {};
    propagation.inject(propagation.setBaggage(ROOT_CONTEXT, unsayable), sent, defaultTextMapSetter);
    assert.deepEqual(sent, { baggage: 'c=2' });
    assert.equal(handle.switch.counts().propagation?.baggageMembersDropped, 3);
  });
});

it('strangers start no trace, force no sampling and leave no baggage where they are not trusted', async () => {
  await run({ TRACELAB_TRUST_INCOMING: 'false', OTEL_TRACES_SAMPLER: 'parentbased_always_off' });
  const { span, sent } = serve({ traceparent: TRACEPARENT, tracestate: 'a=1', baggage: 'b=2' });
  const { traceId, spanId } = span.spanContext();
  assert.notEqual(traceId, TRACE_ID);
  assert.deepEqual(sent, { traceparent: `00-${traceId}-${spanId}-02` });
});

it('trace id and random flag stay along any chain of processes, and no two parents are alike', async () => {
  await run({ OTEL_TRACES_SAMPLER: 'always_off', OTEL_PROPAGATORS: 'tracecontext' });
  fc.assert(
    fc.property(fc.nat(3), fc.integer({ min: 1, max: 10 }), (flags, hops) => {
      let headers: Headers = {
        traceparent: `00-${TRACE_ID}-${SPAN_ID}-0${flags}`,
        tracestate: 'a=1,ot=rv:80000000000000',
      };
      const parents = new Set<string>();
      for (let hop = 0; hop < hops; hop++) {
        headers = serve(headers).sent;
        const [version, traceId, parentId = '', sentFlags] = (headers['traceparent'] ?? '').split('-');
        parents.add(parentId);
        assert.deepEqual([version, traceId, Number(sentFlags) & 2], ['00', TRACE_ID, flags & 2]);
        assert.equal(headers['tracestate'], 'a=1,ot=rv:80000000000000');
      }
      assert.equal(parents.size, hops);
    }),
    { numRuns: 30 },
  );
});

it('the threshold that a sampler wrote goes to the next process and to the collector', async () => {
  const { spans } = await run({ OTEL_TRACES_SAMPLER: 'parentbased_probability', OTEL_TRACES_SAMPLER_ARG: '0.999' });
  // One in a thousand is dropped, and 20 of 20 never.
  const sent = Array.from({ length: 20 }, () => serve({}).sent).findLast((headers) => headers['tracestate']) ?? {};
  assert.equal(sent['tracestate'], 'ot=th:004189');
  assert.equal((await spans()).at(-1)?.traceState, sent['tracestate']);
  const continued = serve(sent).sent;
  assert.equal(continued['tracestate'], sent['tracestate']);
  assert.equal((await spans()).at(-1)?.traceState, sent['tracestate']);
});
