import assert from 'node:assert/strict';
import type { Attributes } from '@opentelemetry/api';
import { recordOf } from '../test-kit/received-span.ts';
import { behaviour } from './behaviour.ts';
import type { Area } from './behaviour.ts';
import { REMOTE } from './remote-parent.ts';

const FIVE: Attributes = { a: 1, b: 2, c: 3, d: 4, e: 5 };
const OWN_NAMES = {
  see: 'its variables are OTEL_SPAN_ATTRIBUTE_PER_EVENT_COUNT_LIMIT and …_PER_LINK_…',
  instead: 'does not know the specification’s variable of this limit',
};

export const limits: Area = {
  title: 'limits of a span',
  environment: {
    OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: '3',
    OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT: '4',
    OTEL_SPAN_EVENT_COUNT_LIMIT: '2',
    OTEL_SPAN_LINK_COUNT_LIMIT: '2',
    OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT: '1',
    OTEL_LINK_ATTRIBUTE_COUNT_LIMIT: '1',
  },
  behaviours: [
    behaviour('the first attributes stay, those dropped are counted', async ({ tracer, span }) => {
      tracer
        .startSpan('span', { attributes: { a: 1, b: 2 } })
        .setAttributes({ c: 3, d: 4 })
        .setAttribute('e', 5)
        .end();
      const received = await span();
      assert.deepEqual(received.attributes, { a: 1n, b: 2n, c: 3n });
      assert.equal(received.droppedAttributesCount, 2);
    }),
    behaviour('a known key is overwritten at the limit', async ({ tracer, span }) => {
      tracer.startSpan('span', { attributes: FIVE }).setAttribute('b', 20).end();
      const received = await span();
      assert.deepEqual(received.attributes, { a: 1n, b: 20n, c: 3n });
      assert.equal(received.droppedAttributesCount, 2);
    }),
    behaviour('long texts are cut, elements of lists too, nothing is counted', async ({ tracer, span }) => {
      tracer.startSpan('span', { attributes: { a: 'abcde', b: ['abcde', 'x', null], c: 123_456 } }).end();
      const received = await span();
      assert.deepEqual(received.attributes, { a: 'abcd', b: ['abcd', 'x', null], c: 123_456n });
      assert.equal(received.droppedAttributesCount, 0);
    }),
    behaviour('long texts are cut in events and links too', async ({ tracer, span }) => {
      const started = tracer.startSpan('span').addEvent('event', { a: 'abcde' });
      started.addLink({ context: REMOTE, attributes: { a: 'abcde' } }).end();
      const { events, links } = await span();
      assert.deepEqual(recordOf(events[0]?.attributes ?? []), { a: 'abcd' });
      assert.deepEqual(recordOf(links[0]?.attributes ?? []), { a: 'abcd' });
    }),
    behaviour('names, keys and status descriptions are not cut', async ({ tracer, span }) => {
      const started = tracer.startSpan('a long name', { attributes: { longKey: 1 } }).addEvent('a long event');
      started.setStatus({ code: 2, message: 'a long message' }).end();
      const received = await span();
      assert.deepEqual(
        [received.name, Object.keys(received.attributes), received.events[0]?.name, received.status.message],
        ['a long name', ['longKey'], 'a long event', 'a long message'],
      );
    }),
    behaviour('events over the limit are counted', async ({ tracer, span }) => {
      const started = tracer.startSpan('span');
      for (const name of ['a', 'b', 'c', 'd', 'e']) started.addEvent(name);
      started.end();
      const received = await span();
      assert.deepEqual([received.events.length, received.droppedEventsCount], [2, 3]);
    }),
    behaviour(
      'the first events stay: what would make it too many is dropped',
      async ({ tracer, span }) => {
        tracer.startSpan('span').addEvent('a').addEvent('b').addEvent('c').end();
        assert.equal((await span()).events.map((event) => event.name).join(), 'a,b');
      },
      { official: { instead: 'the last events stay', see: 'specification, Span Limits', shows: /b,c/ } },
    ),
    behaviour('links over the limit are counted, those of the start too', async ({ tracer, span }) => {
      const link = { context: REMOTE };
      tracer
        .startSpan('span', { links: [link, link, link] })
        .addLink(link)
        .addLinks([link])
        .end();
      const received = await span();
      assert.deepEqual([received.links.length, received.droppedLinksCount], [2, 3]);
    }),
    behaviour(
      'attributes of an event over the limit are counted',
      async ({ tracer, span }) => {
        tracer.startSpan('span').addEvent('event', FIVE).end();
        const [event] = (await span()).events;
        assert.deepEqual([event?.attributes.length, event?.droppedAttributesCount], [1, 4]);
      },
      { official: { ...OWN_NAMES, shows: /5/ } },
    ),
    behaviour(
      'attributes of a link over the limit are counted',
      async ({ tracer, span }) => {
        tracer.startSpan('span').addLink({ context: REMOTE, attributes: FIVE }).end();
        const [link] = (await span()).links;
        assert.deepEqual([link?.attributes.length, link?.droppedAttributesCount], [1, 4]);
      },
      { official: { ...OWN_NAMES, shows: /5/ } },
    ),
  ],
};

export const zeroLimits: Area = {
  title: 'limits of zero',
  environment: {
    OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: '0',
    OTEL_SPAN_EVENT_COUNT_LIMIT: '0',
    OTEL_SPAN_LINK_COUNT_LIMIT: '0',
  },
  behaviours: [
    behaviour('drop everything and count it', async ({ tracer, span }) => {
      tracer
        .startSpan('span', { attributes: { a: 1 }, links: [{ context: REMOTE }] })
        .addEvent('event')
        .end();
      const received = await span();
      assert.deepEqual([received.attributes, received.events, received.links], [{}, [], []]);
      assert.deepEqual(
        [received.droppedAttributesCount, received.droppedEventsCount, received.droppedLinksCount],
        [1, 1, 1],
      );
    }),
  ],
};

export const generalLimits: Area = {
  title: 'general limits',
  environment: { OTEL_ATTRIBUTE_COUNT_LIMIT: '2', OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: '3' },
  behaviours: [
    behaviour('hold for spans that have no limits of their own', async ({ tracer, span }) => {
      tracer.startSpan('span', { attributes: { ...FIVE, a: 'abcde' } }).end();
      const received = await span();
      assert.deepEqual(received.attributes, { a: 'abc', b: 2n });
      assert.equal(received.droppedAttributesCount, 3);
    }),
    behaviour(
      'hold for events and links',
      async ({ tracer, span }) => {
        tracer.startSpan('span').addEvent('event', FIVE).addLink({ context: REMOTE, attributes: FIVE }).end();
        const { events, links } = await span();
        assert.deepEqual([events[0]?.attributes.length, links[0]?.attributes.length], [2, 2]);
      },
      {
        official: {
          instead: 'holds them for the attributes of spans alone',
          see: 'specification, Attribute Limits',
          shows: /5/,
        },
      },
    ),
    behaviour('without any limit there are 128 events and 128 links', async ({ tracer, span }) => {
      const started = tracer.startSpan('span');
      for (let index = 0; index < 130; index++) started.addEvent('event').addLink({ context: REMOTE });
      started.end();
      const received = await span();
      assert.deepEqual([received.events.length, received.droppedEventsCount], [128, 2]);
      assert.deepEqual([received.links.length, received.droppedLinksCount], [128, 2]);
    }),
  ],
};
