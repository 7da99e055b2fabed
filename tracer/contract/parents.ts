import assert from 'node:assert/strict';
import { ROOT_CONTEXT, TraceFlags, context, createTraceState, trace } from '@opentelemetry/api';
import { named } from '../test-kit/received-span.ts';
import { behaviour } from './behaviour.ts';
import type { Area } from './behaviour.ts';
import { careless } from './careless.ts';
import { RANDOM_FLAG, REMOTE, below } from './remote-parent.ts';

const MALFORMED: [what: string, parent: Parameters<typeof below>[0]][] = [
  ['a trace id of zeros', { traceId: '0'.repeat(32) }],
  ['a span id of zeros', { spanId: '0'.repeat(16) }],
  ['a trace id that is too short', { traceId: 'ab'.repeat(8) }],
  ['a span id that is too long', { spanId: 'ab'.repeat(9) }],
  ['an id that is not hexadecimal', { spanId: 'xyzxyzxyzxyzxyzx' }],
  ['no ids at all', { traceId: '', spanId: '' }],
];

export const parents: Area = {
  title: 'the parent of a span',
  behaviours: [
    behaviour('is the span in the given context', async ({ tracer, spans }) => {
      const root = tracer.startSpan('root');
      const child = tracer.startSpan('child', {}, trace.setSpan(ROOT_CONTEXT, root));
      tracer.startSpan('grandchild', {}, trace.setSpan(ROOT_CONTEXT, child)).end();
      child.end();
      root.end();
      const received = await spans();
      assert.equal(new Set(received.map((span) => span.traceId)).size, 1);
      assert.equal(named(received, 'child').parentSpanId, root.spanContext().spanId);
      assert.equal(named(received, 'grandchild').parentSpanId, child.spanContext().spanId);
      assert.notEqual(child.spanContext().spanId, root.spanContext().spanId);
    }),
    behaviour('is the span in the active context where none is given', async ({ tracer, span }) => {
      context.with(below(REMOTE), () => tracer.startSpan('child').end());
      assert.equal((await span()).parentSpanId, REMOTE.spanId);
    }),
    behaviour('may have ended long ago', async ({ tracer, spans }) => {
      const root = tracer.startSpan('root');
      root.end();
      tracer.startSpan('late', {}, trace.setSpan(ROOT_CONTEXT, root)).end();
      assert.equal(named(await spans(), 'late').parentSpanId, root.spanContext().spanId);
    }),
    behaviour('is nobody where root is asked for', async ({ tracer, span }) => {
      tracer.startSpan('root', { root: true }, below(REMOTE)).end();
      const received = await span();
      assert.equal(received.parentSpanId, '');
      assert.notEqual(received.traceId, REMOTE.traceId);
    }),
    behaviour('hands on its sampled flag and its tracestate', async ({ tracer, span }) => {
      const child = tracer.startSpan('child', {}, below({ traceState: createTraceState('a=1,b=2') }));
      child.end();
      assert.equal(child.spanContext().traceFlags & TraceFlags.SAMPLED, TraceFlags.SAMPLED);
      assert.equal(child.spanContext().traceState?.serialize(), 'a=1,b=2');
      const received = await span();
      assert.deepEqual([received.traceId, received.traceState], [REMOTE.traceId, 'a=1,b=2']);
    }),
    behaviour(
      'hands on its random flag',
      ({ tracer }) => {
        const child = tracer.startSpan('child', {}, below({ traceFlags: TraceFlags.SAMPLED | RANDOM_FLAG }));
        child.end();
        assert.equal(child.spanContext().traceFlags, 3);
      },
      { official: { instead: 'clears the random flag', see: 'js #6165', shows: /1 !== 3/ } },
    ),
    behaviour('hands on no random flag that it has not got, nor flags that nobody knows', ({ tracer }) => {
      const unset = tracer.startSpan('unset', {}, below({ traceFlags: TraceFlags.SAMPLED }));
      const unknown = tracer.startSpan('unknown', {}, below({ traceFlags: 0xfd }));
      unset.end();
      unknown.end();
      assert.equal(unset.spanContext().traceFlags, TraceFlags.SAMPLED);
      assert.equal(unknown.spanContext().traceFlags, TraceFlags.SAMPLED);
    }),
    behaviour('is marked as local or remote in the OTLP flags', async ({ tracer, spans }) => {
      const root = tracer.startSpan('root');
      tracer.startSpan('local', {}, trace.setSpan(ROOT_CONTEXT, root)).end();
      tracer.startSpan('remote', {}, below(REMOTE)).end();
      root.end();
      const received = await spans();
      assert.equal(named(received, 'local').flags & 0x300, 0x100);
      assert.equal(named(received, 'remote').flags & 0x300, 0x300);
    }),
    ...MALFORMED.map(([what, parent]) =>
      behaviour(`is nobody where the context has ${what}`, async ({ tracer, span }) => {
        const child = tracer.startSpan('child', {}, below({ ...parent, traceState: createTraceState('a=1') }));
        child.end();
        const received = await span();
        assert.equal(received.parentSpanId, '');
        assert.notEqual(received.traceId, parent.traceId ?? REMOTE.traceId);
        assert.equal(received.traceState, '', 'its tracestate is of no use either');
      }),
    ),
    behaviour('is nobody where the context holds something that is no span', async ({ tracer, spans }) => {
      for (const odd of [undefined, null])
        tracer.startSpan('root', {}, trace.setSpan(ROOT_CONTEXT, careless(odd))).end();
      assert.deepEqual(
        (await spans()).map((span) => span.parentSpanId),
        ['', ''],
      );
    }),
  ],
};
