/**
 * A queue in memory between a producer and a consumer that share nothing but its bytes: messages are written as JSON, and
 * the consumer takes them out in a context of its own, as in another process.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ROOT_CONTEXT, SpanKind, context, propagation, trace } from '@opentelemetry/api';
import * as fc from 'fast-check';
import { named, only } from '../test-kit/received-span.ts';
import { startTracing } from '../test-kit/tracing.ts';
import type { Tracing } from '../test-kit/tracing.ts';
import { extractMessage, injectMessage, messageLinks, traceProcess, traceProcessBatch, traceSend } from '../index.ts';
import type { MessageHeaders } from '../index.ts';

const ORDERS = { system: 'memory', destination: 'orders' };
const ERROR = 2;

interface Message {
  id: string;
  headers: MessageHeaders;
  body: string;
}

class MemoryQueue {
  readonly #stored: string[] = [];

  put(message: Message): void {
    this.#stored.push(JSON.stringify(message));
  }

  /** All messages, handed over outside of every context. */
  drain<Result>(consume: (messages: Message[]) => Result): Result {
    const messages = this.#stored.splice(0).map((text) => JSON.parse(text) as Message);
    return context.with(ROOT_CONTEXT, () => consume(messages));
  }
}

describe('a message', () => {
  let tracing: Tracing;
  before(async () => (tracing = await startTracing()));
  after(() => tracing.close());
  const queue = new MemoryQueue();

  /** A request that orders one thing; resolves with its trace. */
  const order = (id: string): string =>
    trace.getTracer('test').startActiveSpan(`order ${id}`, (span) => {
      const headers: MessageHeaders = { own: 'kept' };
      traceSend(ORDERS, headers, () => queue.put({ id, headers, body: id }));
      span.end();
      return span.spanContext().traceId;
    });

  it('carries its trace from the producer to the consumer', async () => {
    const traceId = order('1');
    const body = await queue.drain(([message]) =>
      traceProcess(ORDERS, message ?? {}, async () => {
        await Promise.resolve();
        trace.getTracer('test').startSpan('charge').end();
        return message?.body;
      }),
    );
    assert.equal(body, '1');
    const spans = await tracing.spans();
    const [sent, processed] = [named(spans, 'send orders'), named(spans, 'process orders')];
    assert.deepEqual([sent.kind, sent.parentSpanId], [SpanKind.PRODUCER + 1, named(spans, 'order 1').spanId]);
    assert.deepEqual([processed.kind, processed.parentSpanId], [SpanKind.CONSUMER + 1, sent.spanId]);
    assert.equal(named(spans, 'charge').parentSpanId, processed.spanId);
    for (const span of spans) assert.equal(span.traceId, traceId);
    const common = { 'messaging.system': 'memory', 'messaging.destination.name': 'orders' };
    assert.deepEqual(sent.attributes, {
      ...common,
      'messaging.operation.name': 'send',
      'messaging.operation.type': 'send',
    });
    assert.deepEqual(processed.attributes, {
      ...common,
      'messaging.operation.name': 'process',
      'messaging.operation.type': 'process',
      'messaging.message.id': '1',
    });
  });

  it('is a link of the one span that consumes a batch, malformed and absent contexts are none', async () => {
    const traceIds = [order('1'), order('2')];
    queue.put({ id: '3', headers: {}, body: '' });
    queue.put({ id: '4', headers: { traceparent: 'nonsense' }, body: '' });
    queue.put({ id: '5', headers: { traceparent: 5 }, body: '' });
    const size = queue.drain((messages) => traceProcessBatch(ORDERS, messages, () => messages.length));
    assert.equal(size, 5);
    const spans = await tracing.spans();
    const batch = named(spans, 'process orders');
    assert.deepEqual([batch.parentSpanId, batch.attributes['messaging.batch.message_count']], ['', 5n]);
    assert(!traceIds.includes(batch.traceId), 'a trace of its own');
    const sent = traceIds.map((traceId) =>
      spans.find((span) => span.traceId === traceId && span.name === 'send orders'),
    );
    assert.deepEqual(
      batch.links.map(({ traceId, spanId, attributes }) => [traceId, spanId, attributes]),
      sent.map((span, index) => [
        span?.traceId,
        span?.spanId,
        [{ key: 'messaging.message.id', value: String(index + 1) }],
      ]),
    );
  });

  it('marks what fails as an error and throws it on, at once or later', async () => {
    const failures: [string, () => unknown][] = [
      ['TypeError', () => traceSend(ORDERS, {}, () => fail(new TypeError('full')))],
      ['RangeError', () => traceProcess(ORDERS, {}, () => Promise.reject(new RangeError('bad')))],
      ['_OTHER', () => traceProcessBatch(ORDERS, [], () => fail('text'))],
    ];
    for (const [type, run] of failures) {
      await assert.rejects(async () => run());
      const { status, attributes, events } = only(await tracing.spans());
      assert.deepEqual([status.code, attributes['error.type'], events.length], [ERROR, type, 1]);
    }
  });

  it('carries baggage, and the trace of a request that makes no span of its own for it', () => {
    const carried = propagation.setBaggage(
      trace.setSpanContext(ROOT_CONTEXT, { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 0 }),
      propagation.createBaggage({ tier: { value: 'gold' } }),
    );
    const taken = extractMessage(injectMessage({ own: 1 }, carried));
    assert.equal(propagation.getBaggage(taken)?.getEntry('tier')?.value, 'gold');
    assert.equal(trace.getSpanContext(taken)?.traceId, 'a'.repeat(32));
  });

  it('may hold its headers as bytes, as Kafka does, and refuses two traceparents', () => {
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const [link] = messageLinks([{ headers: { traceparent: Buffer.from(traceparent) } }]);
    assert.equal(link?.context.spanId, 'b'.repeat(16));
    assert.deepEqual(
      messageLinks([{ headers: { traceparent: [traceparent, traceparent] } }, { headers: null }, {}]),
      [],
    );
  });

  it('with any headers at all is taken without an exception', () => {
    const value = fc.oneof(fc.anything(), fc.uint8Array(), fc.string());
    fc.assert(
      fc.property(fc.record({ traceparent: value, tracestate: value, baggage: value }), (headers) => {
        extractMessage(headers);
        messageLinks([{ headers }]);
      }),
    );
  });
});

function fail(reason: unknown): never {
  throw reason;
}
