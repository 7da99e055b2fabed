import assert from 'node:assert/strict';
import { ROOT_CONTEXT, context, createContextKey, propagation, trace } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import { behaviour } from './behaviour.ts';
import type { Area } from './behaviour.ts';
import { REMOTE, below } from './remote-parent.ts';

/** The key that exporters of others use: it has no name in the API, and is the same in every copy of it. */
const SUPPRESS = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');
const suppressed = (from: Context): Context => from.setValue(SUPPRESS, true);

export const suppression: Area = {
  title: 'suppressed tracing',
  behaviours: [
    behaviour('makes spans that record nothing and have no identity', async ({ tracer, spans }) => {
      const started = tracer.startSpan('hidden', {}, suppressed(below(REMOTE)));
      started.setAttribute('a', 1).addEvent('event').end();
      assert(!started.isRecording());
      assert(!trace.isSpanContextValid(started.spanContext()));
      assert.deepEqual(await spans(), []);
    }),
    behaviour('holds for everything inside, asynchronous work too', async ({ tracer, spans }) => {
      await context.with(suppressed(ROOT_CONTEXT), async () => {
        await Promise.resolve();
        tracer.startActiveSpan('hidden', (span) => {
          tracer.startSpan('hidden too').end();
          span.end();
        });
      });
      assert.deepEqual(await spans(), []);
    }),
    behaviour('is over where the key says false', async ({ tracer, span }) => {
      tracer.startSpan('seen', {}, suppressed(ROOT_CONTEXT).setValue(SUPPRESS, false)).end();
      assert.equal((await span()).name, 'seen');
    }),
    behaviour('puts no headers on requests', () => {
      const carrier = {};
      const withBaggage = propagation.setBaggage(below(REMOTE), propagation.createBaggage({ a: { value: '1' } }));
      propagation.inject(suppressed(withBaggage), carrier);
      assert.deepEqual(carrier, {});
    }),
  ],
};
