import assert from 'node:assert/strict';
import { ROOT_CONTEXT, context, propagation, trace } from '@opentelemetry/api';
import { behaviour } from './behaviour.ts';
import type { Area } from './behaviour.ts';
import { REMOTE, below } from './remote-parent.ts';

export const disabled: Area = {
  title: 'OTEL_SDK_DISABLED=true',
  environment: { OTEL_SDK_DISABLED: 'true' },
  behaviours: [
    behaviour('makes no spans', async ({ tracer, spans }) => {
      const span = tracer.startSpan('span');
      assert(!span.isRecording());
      span.end();
      assert.deepEqual(await spans(), []);
    }),
    behaviour('lets the context of the caller through', ({ tracer }) => {
      assert.equal(tracer.startSpan('span', {}, below(REMOTE)).spanContext().traceId, REMOTE.traceId);
    }),
    behaviour(
      'keeps propagators working',
      () => {
        const headers = { traceparent: `00-${REMOTE.traceId}-${REMOTE.spanId}-01` };
        const carrier = {};
        propagation.inject(propagation.extract(ROOT_CONTEXT, headers), carrier);
        assert.deepEqual(carrier, headers);
      },
      {
        official: { instead: 'registers no propagator', see: 'specification, OTEL_SDK_DISABLED', shows: /traceparent/ },
      },
    ),
    behaviour(
      'keeps the context of asynchronous work',
      async () => {
        const seen = await context.with(below(REMOTE), async () => {
          await Promise.resolve();
          return trace.getSpanContext(context.active())?.spanId;
        });
        assert.equal(seen, REMOTE.spanId);
      },
      { official: { instead: 'registers no context manager', shows: /undefined/ } },
    ),
  ],
};
