import assert from 'node:assert/strict';
import { INVALID_SPANID, INVALID_TRACEID, TraceFlags, trace } from '@opentelemetry/api';
import { behaviour } from './behaviour.ts';
import type { Area } from './behaviour.ts';
import { RANDOM_FLAG } from './remote-parent.ts';

export const spanIdentity: Area = {
  title: 'the identity of a span',
  behaviours: [
    behaviour('is exported as spanContext() says it', async ({ tracer, span }) => {
      const root = tracer.startSpan('root');
      root.end();
      const received = await span();
      const { traceId, spanId } = root.spanContext();
      assert.deepEqual([received.traceId, received.spanId, received.parentSpanId], [traceId, spanId, '']);
    }),
    behaviour('is two lower-case hexadecimal ids that are not zero', ({ tracer }) => {
      const root = tracer.startSpan('root');
      root.end();
      const { traceId, spanId } = root.spanContext();
      assert.match(traceId, /^[0-9a-f]{32}$/);
      assert.match(spanId, /^[0-9a-f]{16}$/);
      assert.notEqual(traceId, INVALID_TRACEID);
      assert.notEqual(spanId, INVALID_SPANID);
      assert(trace.isSpanContextValid(root.spanContext()));
    }),
    behaviour('stays the same while the span lives and after its end', ({ tracer }) => {
      const root = tracer.startSpan('root');
      const before = { ...root.spanContext() };
      root.updateName('other').setAttribute('a', 1).end();
      assert.deepEqual({ ...root.spanContext() }, before);
    }),
    behaviour('is never used twice', async ({ tracer, spans }) => {
      for (let index = 0; index < 500; index++) tracer.startSpan('root').end();
      const received = await spans();
      assert.equal(new Set(received.map((span) => span.traceId)).size, 500);
      assert.equal(new Set(received.map((span) => span.spanId)).size, 500);
    }),
    behaviour('is not remote: the span was made here', ({ tracer }) => {
      const root = tracer.startSpan('root');
      root.end();
      assert.notEqual(root.spanContext().isRemote, true);
    }),
    behaviour('carries the sampled flag, and no tracestate unless somebody gave one', async ({ tracer, span }) => {
      const root = tracer.startSpan('root');
      root.end();
      const { traceFlags, traceState } = root.spanContext();
      assert.equal(traceFlags & TraceFlags.SAMPLED, TraceFlags.SAMPLED);
      assert.equal(traceState?.serialize() ?? '', '');
      assert.equal((await span()).traceState, '');
    }),
    behaviour(
      'carries the random flag, since its trace id is random',
      async ({ tracer, span }) => {
        const root = tracer.startSpan('root');
        root.end();
        assert.equal(root.spanContext().traceFlags, TraceFlags.SAMPLED | RANDOM_FLAG);
        assert.equal((await span()).flags & 0xff, TraceFlags.SAMPLED | RANDOM_FLAG);
      },
      { official: { instead: 'never sets the random flag', see: 'js #6165', shows: /1 !== 3/ } },
    ),
  ],
};
