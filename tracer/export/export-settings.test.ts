/** Each variable of the export changes what a collector sees, under its general and its traces name. */
import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { after, afterEach, before, describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { trace } from '@opentelemetry/api';
import { decodeTracesData, tracesDataFromJson } from '@tracelab/protocol';
import type { SpanCounts } from '@tracelab/protocol';
import { until } from '../../test/until.ts';
import type { Environment } from '../config/read-settings.ts';
import { start } from '../start.ts';
import type { TracerHandle } from '../start.ts';
import { GrpcCollector } from '../test-kit/grpc-collector.ts';
import { ScriptedCollector } from '../test-kit/scripted-collector.ts';

const both = (name: string): string[] => [`OTEL_EXPORTER_OTLP_${name}`, `OTEL_EXPORTER_OTLP_TRACES_${name}`];

describe('the variables of the export', () => {
  let collector: ScriptedCollector;
  let handle: TracerHandle;
  let bodies: Buffer[] = [];
  const open: ServerResponse[] = [];
  before(async () => (collector = await ScriptedCollector.open()));
  after(() => collector.close());
  afterEach(async () => {
    await handle.shutdown(0);
    collector.requests.length = 0;
    bodies = [];
  });

  /** A tracer that sends only when it must, unless the variables say otherwise. */
  function startWith(environment: Environment): void {
    const quiet = { OTEL_LOG_LEVEL: 'none', OTEL_BSP_SCHEDULE_DELAY: '60000' };
    const whole = { ...quiet, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ...environment };
    handle = start({ environment: whole, instrument: false });
  }
  const answering = (status = 200): void => {
    collector.script = (response, _request, body) => {
      bodies.push(body);
      response.writeHead(status).end();
    };
  };
  const silent = (): void => {
    collector.script = (response) => void open.push(response);
  };
  function makeSpans(count: number): void {
    for (let index = 0; index < count; index++) trace.getTracer('test').startSpan('span').end();
  }
  const spansIn = (body: Uint8Array): number => {
    const data = decodeTracesData(body);
    assert(data.ok);
    return data.value.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)).length;
  };
  const counts = (): SpanCounts => handle.switch.counts();

  it('OTEL_BSP_SCHEDULE_DELAY: a span waits no longer', async () => {
    answering();
    startWith({ OTEL_BSP_SCHEDULE_DELAY: '1' });
    makeSpans(1);
    await until('the span to arrive by itself', () => counts().spansExported === 1);
  });

  it('OTEL_BSP_MAX_EXPORT_BATCH_SIZE: a full batch goes at once, none is larger', async () => {
    answering();
    startWith({ OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '2' });
    makeSpans(5);
    await until('two batches', () => counts().spansExported === 4);
    await handle.forceFlush();
    assert.deepEqual(bodies.map(spansIn), [2, 2, 1]);
  });

  it('OTEL_BSP_MAX_QUEUE_SIZE: no more spans wait', async () => {
    silent();
    startWith({ OTEL_BSP_MAX_QUEUE_SIZE: '3' });
    makeSpans(10);
    assert.deepEqual([counts().spansQueued, counts().spansDropped.queue_full], [3, 7]);
  });

  it('OTEL_BSP_EXPORT_TIMEOUT: a batch is given up', async () => {
    silent();
    startWith({ OTEL_BSP_EXPORT_TIMEOUT: '20' });
    makeSpans(1);
    void handle.forceFlush();
    await until('the batch to be given up', () => counts().spansDropped.timeout === 1);
  });

  for (const variable of both('TIMEOUT')) {
    it(`${variable}: a request is given up, its batch is not`, async () => {
      silent();
      startWith({ [variable]: '20' });
      makeSpans(1);
      void handle.forceFlush();
      await until('a second try', () => counts().requestsRetried > 0);
      assert.equal(counts().spansQueued, 1);
    });
  }

  it('OTEL_EXPORTER_OTLP_ENDPOINT is a base, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT is used as it is', async () => {
    for (const [environment, path] of [
      [{ OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/base` }, '/base/v1/traces'],
      [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/own?key=1` }, '/own?key=1'],
    ] as const) {
      answering();
      startWith(environment);
      makeSpans(1);
      await handle.shutdown();
      assert.equal(collector.requests.at(-1)?.url, path);
    }
  });

  for (const variable of both('HEADERS')) {
    it(`${variable} are sent`, async () => {
      answering();
      startWith({ [variable]: 'authorization=Bearer%20x,x-tenant=shop' });
      makeSpans(1);
      await handle.forceFlush();
      const headers = collector.requests[0]?.headers;
      assert.deepEqual([headers?.authorization, headers?.['x-tenant']], ['Bearer x', 'shop']);
    });
  }

  for (const variable of both('COMPRESSION')) {
    it(`${variable}: gzip`, async () => {
      answering();
      startWith({ [variable]: 'gzip' });
      makeSpans(1);
      await handle.forceFlush();
      assert.equal(spansIn(gunzipSync(bodies[0] ?? '')), 1);
    });
  }

  for (const variable of both('PROTOCOL')) {
    it(`${variable}: http/json`, async () => {
      answering();
      startWith({ [variable]: 'http/json' });
      makeSpans(1);
      await handle.forceFlush();
      assert.equal(collector.requests[0]?.headers['content-type'], 'application/json');
      const data = tracesDataFromJson(JSON.parse(String(bodies[0])));
      assert(data.ok && data.value.resourceSpans.length === 1);
    });

    it(`${variable}: grpc`, async () => {
      const grpc = await GrpcCollector.open();
      startWith({ [variable]: 'grpc', OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${grpc.port}` });
      makeSpans(3);
      await handle.forceFlush();
      assert.deepEqual(grpc.requests.map(spansIn), [3]);
      await handle.shutdown();
      grpc.close();
    });
  }

  it('OTEL_TRACES_EXPORTER=none: nothing is sent, and every span is counted', async () => {
    startWith({ OTEL_TRACES_EXPORTER: 'none' });
    makeSpans(2);
    assert.equal(await handle.forceFlush(), true);
    assert.equal(collector.requests.length, 0);
    assert.deepEqual([counts().spansSampled, counts().spansDropped.no_exporter], [2, 2]);
  });
});
