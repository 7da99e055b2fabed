import assert from 'node:assert/strict';
import { it } from 'node:test';
import { trace } from '@opentelemetry/api';
import { only } from '../test-kit/received-span.ts';
import { startTracing } from '../test-kit/tracing.ts';

const LINKED = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 };

it('a span over its limits keeps the first ones, cuts long texts, and exports how many were dropped', async () => {
  const tracing = await startTracing({
    OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: '2',
    OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT: '3',
    OTEL_SPAN_EVENT_COUNT_LIMIT: '1',
    OTEL_SPAN_LINK_COUNT_LIMIT: '1',
    OTEL_ATTRIBUTE_COUNT_LIMIT: '1',
  });
  const span = trace.getTracer('limits').startSpan('big', { attributes: { a: 'abcdef', b: ['abcdef', 'x'], c: 1 } });
  span.setAttributes({ a: 'again', d: 1 });
  span.addEvent('first', { a: 1, b: 2, c: 3 }).addEvent('second').addEvent('third');
  span.addLink({ context: LINKED, attributes: { a: 1, b: 2 } }).addLink({ context: LINKED });
  span.end();
  const received = only(await tracing.spans());
  assert.deepEqual(received.attributes, { a: 'aga', b: ['abc', 'x'] });
  assert.equal(received.droppedAttributesCount, 2);
  assert.deepEqual(
    received.events.map((event) => [event.name, event.attributes.length, event.droppedAttributesCount]),
    [['first', 1, 2]],
  );
  assert.equal(received.droppedEventsCount, 2);
  assert.deepEqual(
    received.links.map((link) => [link.attributes.length, link.droppedAttributesCount]),
    [[1, 1]],
  );
  assert.equal(received.droppedLinksCount, 1);
  await tracing.close();
});

it('a limit of 0 drops everything', async () => {
  const tracing = await startTracing({ OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: '0', OTEL_SPAN_EVENT_COUNT_LIMIT: '0' });
  trace
    .getTracer('limits')
    .startSpan('none', { attributes: { a: 1 } })
    .addEvent('e')
    .end();
  const received = only(await tracing.spans());
  assert.deepEqual([received.attributes, received.droppedAttributesCount, received.droppedEventsCount], [{}, 1, 1]);
  await tracing.close();
});
