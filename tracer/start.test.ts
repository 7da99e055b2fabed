import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ROOT_CONTEXT, context, defaultTextMapSetter, propagation, trace } from '@opentelemetry/api';
import { TRACER_SWITCH } from '@tracelab/protocol';
import type { TracerSwitch } from '@tracelab/protocol';
import { start } from './index.ts';
import { startTracing } from './test-kit/tracing.ts';

const published = (): TracerSwitch | undefined => (globalThis as { [TRACER_SWITCH]?: TracerSwitch })[TRACER_SWITCH];

it('a second tracer is refused and the first one stays whole', async () => {
  const tracing = await startTracing({ OTEL_LOG_LEVEL: 'none' });
  assert.throws(() => start({ environment: { OTEL_LOG_LEVEL: 'none' } }), /another tracer is registered/);
  trace.getTracer('first').startActiveSpan('still', (span) => {
    assert.equal(trace.getActiveSpan(), span);
    span.end();
  });
  assert.equal((await tracing.spans()).length, 1);
  await tracing.close();
});

it('the switch is published under the symbol while the tracer runs, and nothing is left afterwards', async () => {
  const tracing = await startTracing({ OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.25' });
  assert.deepEqual(published()?.getSampler(), { sampler: 'traceidratio', arg: 0.25 });
  published()?.setSampler({ sampler: 'always_off' });
  assert(!trace.getTracer('x').startSpan('x').isRecording());
  await tracing.close();
  assert.equal(published(), undefined);
  assert(!trace.getTracer('x').startSpan('x').isRecording());
  assert.equal(context.active(), ROOT_CONTEXT);
});

it('a disabled tracer makes no spans, and its propagators keep working', async () => {
  const tracing = await startTracing({ OTEL_SDK_DISABLED: 'TRUE' });
  assert(!trace.getTracer('x').startSpan('x').isRecording());
  const carrier: Record<string, string> = {};
  const baggage = propagation.createBaggage({ a: { value: '1' } });
  propagation.inject(propagation.setBaggage(ROOT_CONTEXT, baggage), carrier, defaultTextMapSetter);
  assert.deepEqual(carrier, { baggage: 'a=1' });
  await tracing.close();
});

it('settings in code win over the environment', async () => {
  const handle = start({
    environment: { OTEL_TRACES_SAMPLER: 'always_on', OTEL_TRACES_EXPORTER: 'none' },
    settings: { sampler: 'always_off' },
    instrument: false,
  });
  assert.deepEqual(handle.switch.getSampler(), { sampler: 'always_off' });
  await handle.shutdown();
});

it('spans go out compressed and with headers where the environment says so', async () => {
  const tracing = await startTracing({
    OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
    OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=shop%20one',
  });
  trace.getTracer('x').startSpan('zipped').end();
  assert.equal((await tracing.spans()).length, 1);
  const [request] = tracing.sink.requests;
  assert.equal(request?.path, '/v1/traces');
  assert.equal(request.headers['content-encoding'], 'gzip');
  assert.equal(request.headers['x-tenant'], 'shop one');
  assert.match(request.headers['user-agent'] ?? '', /^tracelab\/\S+ OTel-OTLP-Exporter-nodejs\/\S+$/);
  await tracing.close();
});
