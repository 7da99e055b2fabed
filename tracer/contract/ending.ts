import assert from 'node:assert/strict';
import { ROOT_CONTEXT, SpanStatusCode, trace } from '@opentelemetry/api';
import { named } from '../test-kit/received-span.ts';
import { behaviour } from './behaviour.ts';
import type { Area } from './behaviour.ts';
import { REMOTE } from './remote-parent.ts';

export const ending: Area = {
  title: 'the end of a span',
  behaviours: [
    behaviour('comes once: nothing is exported before, one span after', async ({ tracer, spans }) => {
      const started = tracer.startSpan('span');
      assert.deepEqual(await spans(), []);
      assert(started.isRecording());
      started.end();
      assert(!started.isRecording());
      assert.equal((await spans()).length, 1);
      started.end();
      assert.deepEqual(await spans(), []);
    }),
    behaviour('makes it deaf: nothing said later is exported', async ({ tracer, span }) => {
      const started = tracer.startSpan('before');
      started.end([1_900_000_000, 0]);
      started.updateName('after').setAttribute('late', 1).setAttributes({ late: 1 }).addEvent('late');
      started
        .addLink({ context: REMOTE })
        .addLinks([{ context: REMOTE }])
        .setStatus({ code: SpanStatusCode.ERROR });
      started.recordException(new Error('late'));
      started.end([1_950_000_000, 0]);
      const received = await span();
      assert.equal(received.name, 'before');
      assert.equal(received.endTimeUnixNano, 1_900_000_000_000_000_000n);
      assert.deepEqual([received.attributes, received.events, received.links, received.status.code], [{}, [], [], 0]);
    }),
    behaviour('leaves its children alone', async ({ tracer, spans }) => {
      const root = tracer.startSpan('root');
      const child = tracer.startSpan('child', {}, trace.setSpan(ROOT_CONTEXT, root));
      root.end();
      assert(child.isRecording());
      child.setAttribute('alive', true).end();
      assert.deepEqual(named(await spans(), 'child').attributes, { alive: true });
    }),
    behaviour('never comes by itself: a span that is not ended is not exported', async ({ tracer, spans }) => {
      const open = tracer.startSpan('open');
      tracer.startSpan('ended').end();
      assert.deepEqual(
        (await spans()).map((span) => span.name),
        ['ended'],
      );
      open.end();
    }),
    behaviour('every other method returns the span, before and after', ({ tracer }) => {
      const started = tracer.startSpan('span');
      const callAll = (): unknown[] => [
        started.setAttribute('a', 1),
        started.setAttributes({ a: 1 }),
        started.addEvent('event'),
        started.addLink({ context: REMOTE }),
        started.addLinks([]),
        started.setStatus({ code: SpanStatusCode.OK }),
        started.updateName('name'),
      ];
      for (const returned of callAll()) assert.equal(returned, started);
      assert.equal(started.recordException('exception'), undefined);
      assert.equal(started.end(), undefined);
      for (const returned of callAll()) assert.equal(returned, started);
    }),
  ],
};
