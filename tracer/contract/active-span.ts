import assert from 'node:assert/strict';
import { ROOT_CONTEXT, context, createContextKey, trace } from '@opentelemetry/api';
import type { Span } from '@opentelemetry/api';
import { SpanKind } from '@tracelab/protocol';
import { named } from '../test-kit/received-span.ts';
import { behaviour } from './behaviour.ts';
import type { Area } from './behaviour.ts';
import { REMOTE, below } from './remote-parent.ts';

const KEY = createContextKey('contract');

/** Ends the span and says whether it was the active one. */
function endActive(span: Span): boolean {
  span.end();
  return trace.getActiveSpan() === span;
}

export const activeSpan: Area = {
  title: 'startActiveSpan',
  behaviours: [
    behaviour('makes the span active while the function runs', async ({ tracer, span }) => {
      assert.equal(tracer.startActiveSpan('span', endActive), true);
      assert.equal(trace.getActiveSpan(), undefined);
      await span();
    }),
    behaviour('takes options', async ({ tracer, span }) => {
      assert.equal(tracer.startActiveSpan('span', { kind: 3, attributes: { a: 1 } }, endActive), true);
      const received = await span();
      assert.deepEqual([received.kind, received.attributes], [SpanKind.producer, { a: 1n }]);
    }),
    behaviour('takes options and the context to begin in', async ({ tracer, span }) => {
      const given = below(REMOTE).setValue(KEY, 'value');
      const seen = tracer.startActiveSpan('span', {}, given, (started) => {
        started.end();
        return context.active().getValue(KEY);
      });
      assert.equal(seen, 'value');
      assert.equal((await span()).parentSpanId, REMOTE.spanId);
    }),
    behaviour('makes children of spans that are started inside', async ({ tracer, spans }) => {
      tracer.startActiveSpan('outer', (outer) => {
        tracer.startActiveSpan('inner', (inner) => inner.end());
        tracer.startSpan('leaf').end();
        outer.end();
      });
      const received = await spans();
      const { spanId } = named(received, 'outer');
      assert.deepEqual([named(received, 'inner').parentSpanId, named(received, 'leaf').parentSpanId], [spanId, spanId]);
    }),
    behaviour('makes a root where it is asked for, and keeps the rest of the context', async ({ tracer, span }) => {
      const seen = tracer.startActiveSpan('span', { root: true }, below(REMOTE).setValue(KEY, 'value'), (started) => {
        started.end();
        return context.active().getValue(KEY);
      });
      assert.equal(seen, 'value');
      assert.equal((await span()).parentSpanId, '');
    }),
    behaviour('returns what the function returns', async ({ tracer, spans }) => {
      const object = {};
      const returned = [undefined, null, 7, object].map((value) =>
        tracer.startActiveSpan('span', (started) => {
          started.end();
          return value;
        }),
      );
      assert.deepEqual(returned, [undefined, null, 7, object]);
      assert.equal(returned[3], object);
      assert.equal((await spans()).length, 4);
    }),
    behaviour('stays active in what an asynchronous function awaits', async ({ tracer, span }) => {
      const promise = tracer.startActiveSpan('span', async (started) => {
        await new Promise((resolve) => setImmediate(resolve));
        return endActive(started);
      });
      assert(promise instanceof Promise);
      assert.equal(trace.getActiveSpan(), undefined);
      assert.equal(await promise, true);
      await span();
    }),
    behaviour('hands an exception through, and ends nothing by itself', async ({ tracer, spans }) => {
      const error = new Error('thrown');
      const started: Span[] = [];
      const fail = (span: Span): never => {
        started.push(span);
        throw error;
      };
      assert.throws(
        () => tracer.startActiveSpan('span', fail),
        (thrown) => thrown === error,
      );
      assert.equal(trace.getActiveSpan(), undefined);
      assert(started[0]?.isRecording());
      assert.deepEqual(await spans(), []);
      for (const span of started) span.end();
    }),
    behaviour('hands a rejection through', async ({ tracer, span }) => {
      const fail = async (started: Span): Promise<never> => {
        started.end();
        throw new Error('later');
      };
      await assert.rejects(tracer.startActiveSpan('span', fail), /later/);
      await span();
    }),
    behaviour('startSpan alone changes no context', async ({ tracer, span }) => {
      const before = context.active();
      tracer.startSpan('span').end();
      assert.equal(context.active(), before);
      assert.equal(before, ROOT_CONTEXT);
      await span();
    }),
  ],
};
