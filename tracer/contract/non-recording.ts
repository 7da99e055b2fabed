import assert from 'node:assert/strict';
import { ROOT_CONTEXT, SpanStatusCode, TraceFlags, createTraceState, propagation, trace } from '@opentelemetry/api';
import type { Attributes } from '@opentelemetry/api';
import { behaviour } from './behaviour.ts';
import type { Area } from './behaviour.ts';
import { careless } from './careless.ts';
import { RANDOM_FLAG, REMOTE, below } from './remote-parent.ts';

export const nonRecording: Area = {
  title: 'a span that the sampler refused',
  environment: { OTEL_TRACES_SAMPLER: 'always_off' },
  behaviours: [
    behaviour('is not recorded and never exported', async ({ tracer, spans }) => {
      const span = tracer.startSpan('dark');
      assert(!span.isRecording());
      span.end();
      assert.deepEqual(await spans(), []);
    }),
    behaviour('has an identity of its own, without the sampled flag', ({ tracer }) => {
      const contexts = [tracer.startSpan('dark').spanContext(), tracer.startSpan('dark').spanContext()] as const;
      for (const context of contexts) {
        assert(trace.isSpanContextValid(context));
        assert.equal(context.traceFlags & TraceFlags.SAMPLED, 0);
        assert.notEqual(context.isRemote, true);
      }
      assert.notEqual(contexts[0].traceId, contexts[1].traceId);
      assert.notEqual(contexts[0].spanId, contexts[1].spanId);
    }),
    behaviour('continues the trace of its parent with a new span id', ({ tracer }) => {
      const context = tracer.startSpan('dark', {}, below({ traceState: createTraceState('a=1') })).spanContext();
      assert.equal(context.traceId, REMOTE.traceId);
      assert.notEqual(context.spanId, REMOTE.spanId);
      assert.equal(context.traceFlags & TraceFlags.SAMPLED, 0);
      assert.equal(context.traceState?.serialize(), 'a=1');
    }),
    behaviour('has children of the same trace', ({ tracer }) => {
      const root = tracer.startSpan('dark');
      const child = tracer.startSpan('darker', {}, trace.setSpan(ROOT_CONTEXT, root));
      assert.equal(child.spanContext().traceId, root.spanContext().traceId);
      assert.notEqual(child.spanContext().spanId, root.spanContext().spanId);
      assert(!child.isRecording());
    }),
    behaviour(
      'carries the random flag as a sampled one does',
      ({ tracer }) => {
        assert.equal(tracer.startSpan('dark').spanContext().traceFlags, RANDOM_FLAG);
      },
      { official: { instead: 'never sets the random flag', see: 'js #6165', shows: /0 !== 2/ } },
    ),
    behaviour('goes out with every request, so that the next process can decide alike', ({ tracer }) => {
      const span = tracer.startSpan('dark');
      const carrier: Record<string, string> = {};
      propagation.inject(trace.setSpan(ROOT_CONTEXT, span), carrier);
      const { traceId, spanId } = span.spanContext();
      assert.match(carrier['traceparent'] ?? '', new RegExp(`^00-${traceId}-${spanId}-0[02]$`));
    }),
    behaviour('is active in startActiveSpan as any other', ({ tracer }) => {
      assert.equal(
        tracer.startActiveSpan('dark', (span) => trace.getActiveSpan() === span && !span.isRecording()),
        true,
      );
    }),
    behaviour('takes every call and returns itself', ({ tracer }) => {
      const span = tracer.startSpan('dark', { attributes: { a: 1 }, links: [{ context: REMOTE }], startTime: 1 });
      const returned = [
        span.setAttribute('a', 1),
        span.setAttributes({ a: 1 }),
        span.addEvent('event', { a: 1 }),
        span.addLink({ context: REMOTE }),
        span.addLinks([{ context: REMOTE }]),
        span.setStatus({ code: SpanStatusCode.ERROR }),
        span.updateName('name'),
      ];
      for (const each of returned) assert.equal(each, span);
      assert.equal(span.recordException(new Error('unheard')), undefined);
      assert.equal(span.end(), undefined);
    }),
    behaviour('never looks at what it is given', ({ tracer }) => {
      const untouchable: Attributes = Object.defineProperty({}, 'a', {
        enumerable: true,
        get: () => assert.fail('was read'),
      });
      const span = tracer.startSpan('dark');
      span
        .setAttributes(untouchable)
        .addEvent('event', untouchable)
        .addLink({ context: REMOTE, attributes: untouchable });
      span.addLinks(careless(undefined)).setStatus(careless(null)).recordException(careless(untouchable));
      span.end();
    }),
  ],
};
