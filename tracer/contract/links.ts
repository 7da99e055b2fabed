import assert from 'node:assert/strict';
import { createTraceState, INVALID_SPAN_CONTEXT } from '@opentelemetry/api';
import { recordOf } from '../test-kit/received-span.ts';
import { behaviour } from './behaviour.ts';
import type { Area } from './behaviour.ts';
import { careless } from './careless.ts';
import { REMOTE } from './remote-parent.ts';

const OTHER = { ...REMOTE, spanId: '00f067aa0ba902b7', isRemote: false };

export const links: Area = {
  title: 'links',
  behaviours: [
    behaviour('come from the options, addLink and addLinks, in this order', async ({ tracer, span }) => {
      const third = { ...REMOTE, spanId: '00f067aa0ba902b8' };
      const started = tracer.startSpan('span', { links: [{ context: REMOTE }] });
      started
        .addLink({ context: OTHER })
        .addLinks([{ context: third }, { context: REMOTE }])
        .end();
      assert.deepEqual(
        (await span()).links.map((link) => link.spanId),
        [REMOTE.spanId, OTHER.spanId, third.spanId, REMOTE.spanId],
      );
    }),
    behaviour('carry ids, tracestate, attributes and whether the span is remote', async ({ tracer, span }) => {
      const context = { ...REMOTE, traceState: createTraceState('a=1') };
      tracer.startSpan('span', { links: [{ context, attributes: { cause: 1 } }, { context: OTHER }] }).end();
      const [remote, local] = (await span()).links;
      assert(remote && local);
      assert.deepEqual([remote.traceId, remote.traceState], [REMOTE.traceId, 'a=1']);
      assert.deepEqual(recordOf(remote.attributes), { cause: 1n });
      assert.deepEqual([remote.flags & 0x301, local.flags & 0x301], [0x301, 0x101]);
    }),
    behaviour('carry the random flag of the linked span', async ({ tracer, span }) => {
      tracer
        .startSpan('span')
        .addLink({ context: { ...REMOTE, traceFlags: 3 } })
        .end();
      assert.equal(((await span()).links[0]?.flags ?? 0) & 0xff, 3);
    }),
    behaviour('to a span without ids stay where they say something else', async ({ tracer, span }) => {
      const started = tracer.startSpan('span').addLink({ context: INVALID_SPAN_CONTEXT, attributes: { why: 'lost' } });
      started.end();
      assert.deepEqual(
        (await span()).links.map((link) => recordOf(link.attributes)),
        [{ why: 'lost' }],
      );
    }),
    behaviour(
      'that say nothing at all are left out',
      async ({ tracer, span }) => {
        tracer.startSpan('span').addLink({ context: INVALID_SPAN_CONTEXT }).end();
        assert.deepEqual((await span()).links, []);
      },
      {
        official: {
          instead: 'exports an empty link',
          see: 'specification, Link: MAY be left out',
          shows: /0000000000000000/,
        },
      },
    ),
    behaviour('copy their attributes and leave out those that are not legal', async ({ tracer, span }) => {
      const list = ['a'];
      const started = tracer.startSpan('span').addLink({ context: REMOTE, attributes: careless({ list, odd: {} }) });
      list.push('b');
      started.end();
      assert.deepEqual(recordOf((await span()).links[0]?.attributes ?? []), { list: ['a'] });
    }),
    behaviour(
      'copy the ids, as they were when the link was added',
      async ({ tracer, span }) => {
        const context = { ...REMOTE };
        const started = tracer.startSpan('span').addLink({ context });
        context.spanId = OTHER.spanId;
        started.end();
        assert.equal((await span()).links[0]?.spanId, REMOTE.spanId);
      },
      { official: { instead: 'reads the linked context when the span is sent', shows: /00f067aa0ba902b7/ } },
    ),
  ],
};
