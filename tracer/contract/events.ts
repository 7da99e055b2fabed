import assert from 'node:assert/strict';
import { recordOf } from '../test-kit/received-span.ts';
import { behaviour } from './behaviour.ts';
import type { Area } from './behaviour.ts';
import { careless } from './careless.ts';

export const events: Area = {
  title: 'events',
  behaviours: [
    behaviour('have a name, attributes and the present time', async ({ tracer, span }) => {
      tracer
        .startSpan('span')
        .addEvent('plain')
        .addEvent('rich', { a: 1, list: ['x'] })
        .end();
      const received = await span();
      assert.deepEqual(
        received.events.map((event) => [event.name, recordOf(event.attributes)]),
        [
          ['plain', {}],
          ['rich', { a: 1n, list: ['x'] }],
        ],
      );
      for (const { timeUnixNano } of received.events) {
        assert(timeUnixNano >= received.startTimeUnixNano && timeUnixNano <= received.endTimeUnixNano);
      }
    }),
    behaviour('may give their time in the place of attributes or behind them', async ({ tracer, span }) => {
      const started = tracer.startSpan('span');
      started.addEvent('pair', [1_700_000_000, 5]);
      started.addEvent('date', new Date(1_700_000_000_123));
      started.addEvent('number', 1_700_000_000_123);
      started.addEvent('behind', { a: 1 }, [1_700_000_000, 5]);
      started.addEvent('behind nothing', undefined, [1_700_000_000, 5]);
      started.end();
      assert.deepEqual(
        (await span()).events.map((event) => event.timeUnixNano),
        [
          1_700_000_000_000_000_005n,
          1_700_000_000_123_000_000n,
          1_700_000_000_123_000_000n,
          1_700_000_000_000_000_005n,
          1_700_000_000_000_000_005n,
        ],
      );
    }),
    behaviour('keep the order in which they were added, whatever their times', async ({ tracer, span }) => {
      const started = tracer.startSpan('span');
      started.addEvent('late', [1_800_000_000, 0]).addEvent('early', [1_600_000_000, 0]).addEvent('now').end();
      assert.deepEqual(
        (await span()).events.map((event) => event.name),
        ['late', 'early', 'now'],
      );
    }),
    behaviour('may come before the start and after the end', async ({ tracer, span }) => {
      tracer
        .startSpan('span', { startTime: [1_700_000_000, 0] })
        .addEvent('before', [1_600_000_000, 0])
        .end([1_700_000_001, 0]);
      assert.equal((await span()).events[0]?.timeUnixNano, 1_600_000_000_000_000_000n);
    }),
    behaviour('copy their attributes', async ({ tracer, span }) => {
      const list = ['a'];
      const started = tracer.startSpan('span').addEvent('event', { list });
      list.push('b');
      started.end();
      assert.deepEqual(recordOf((await span()).events[0]?.attributes ?? []), { list: ['a'] });
    }),
    behaviour('leave out attributes that are not legal', async ({ tracer, span }) => {
      tracer
        .startSpan('span')
        .addEvent('event', careless({ object: {}, mixed: [1, 'a'], '': 1, kept: 1 }))
        .end();
      const [event] = (await span()).events;
      assert.deepEqual(recordOf(event?.attributes ?? []), { kept: 1n });
      assert.equal(event?.droppedAttributesCount, 0);
    }),
  ],
};
