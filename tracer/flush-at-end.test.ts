/** How a traced process ends: its last spans get out, and signals do what they did without the tracer. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ChildApp } from './test-kit/child-app.ts';
import { OtlpSink } from './test-kit/otlp-sink.ts';

describe('the end of a traced process', () => {
  let sink: OtlpSink;
  before(async () => (sink = await OtlpSink.open()));
  after(() => sink.close());
  const startApp = (environment: Record<string, string> = {}) =>
    ChildApp.start({ OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, OTEL_BSP_SCHEDULE_DELAY: '60000', ...environment });
  const makeOneSpan = async (app: ChildApp) => assert.equal((await fetch(`${app.url}/forbidden`)).status, 403);

  it('an application without handlers dies by the signal, after its spans are out', async () => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const app = await startApp();
      await makeOneSpan(app);
      app.kill(signal);
      assert.deepEqual(await app.exited, { code: null, signal });
      assert.equal((await sink.takeWhen(1)).length, 1);
    }
  });

  it('an application with a handler of its own stays in control', async () => {
    const app = await startApp({ OWN_SIGNAL_HANDLER: 'yes' });
    await makeOneSpan(app);
    app.kill('SIGTERM');
    assert.deepEqual(await app.exited, { code: 0, signal: null });
    assert.equal((await sink.takeWhen(1)).length, 1);
  });

  it('what ends while an application is on its way out still gets out', async () => {
    const app = await startApp({ OWN_SIGNAL_HANDLER: 'exit' });
    await makeOneSpan(app);
    app.kill('SIGTERM');
    assert.deepEqual(await app.exited, { code: 7, signal: null });
    assert.deepEqual((await sink.takeWhen(3)).map((span) => span.name).sort(), [
      'GET',
      'GET /forbidden',
      'GET /forbidden',
    ]);
  });

  it('an application that ends by itself gets its spans out', async () => {
    const app = await startApp();
    await makeOneSpan(app);
    assert.deepEqual(await app.end(), { code: 0, signal: null });
    assert.equal((await sink.takeWhen(1)).length, 1);
  });

  it('a collector that is gone neither holds the end up nor breaks anything', async () => {
    const app = await startApp({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' });
    await makeOneSpan(app);
    assert.deepEqual(await app.end(), { code: 0, signal: null });
    assert.match(app.stderr, /tracer warn: .*spans cannot be sent to http:\/\/127\.0\.0\.1:9\/v1\/traces/);
    assert.match(app.stderr, /tracer warn: 1 of 1 sampled spans never reached the collector: closed 1\n$/);
  });

  it('a wrong setting is one line on standard error, and the application runs', async () => {
    const app = await startApp({
      OTEL_PROPAGATORS: 'xray',
      OTEL_TRACES_SAMPLER: 'sometimes',
      OTEL_TRACES_EXPORTER: 'none',
    });
    await makeOneSpan(app);
    assert.deepEqual(await app.end(), { code: 0, signal: null });
    assert.match(app.stderr, /OTEL_PROPAGATORS .*ignored: xray/);
    assert.equal(app.stderr.match(/OTEL_TRACES_SAMPLER should be/g)?.length, 1);
  });

  it('OTEL_SDK_DISABLED leaves the application alone', async () => {
    const app = await startApp({ OTEL_SDK_DISABLED: 'true' });
    await makeOneSpan(app);
    assert.deepEqual(await app.end(), { code: 0, signal: null });
    assert.deepEqual(sink.take(), []);
    assert(app.logLines.every((line) => !('trace_id' in line)));
  });
});
