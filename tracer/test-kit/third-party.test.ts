/** An instrumentation that is not ours runs on this tracer unchanged, in a process of its own, against a real protocol. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ChildApp } from './child-app.ts';
import { OtlpSink } from './otlp-sink.ts';
import { named } from './received-span.ts';
import { RedisServer } from './redis-server.ts';

const CLIENT = 3;
const ERROR = 2;

describe('@opentelemetry/instrumentation-ioredis on this tracer', () => {
  let sink: OtlpSink;
  let redis: RedisServer;
  let app: ChildApp;
  before(async () => {
    sink = await OtlpSink.open();
    redis = await RedisServer.open();
    const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, REDIS_PORT: String(redis.port) };
    app = await ChildApp.start(
      { ...environment, OTEL_SERVICE_NAME: 'stock' },
      new URL('redis-app.ts', import.meta.url),
    );
  });
  after(async () => {
    assert.deepEqual(await app.end(), { code: 0, signal: null });
    assert.equal(app.stderr, '');
    await redis.close();
    await sink.close();
  });

  it('makes its spans under ours, with its own scope, names, attributes and errors', async () => {
    assert.match(await (await fetch(app.url)).text(), /^7 .*unknown command/);
    const spans = await sink.takeWhen(4);
    const server = named(spans, 'GET');
    const [set, get, failed] = ['set', 'get', 'NOSUCH'].map((name) => named(spans, name));
    for (const span of [set, get, failed]) {
      assert.deepEqual([span?.traceId, span?.parentSpanId, span?.kind], [server.traceId, server.spanId, CLIENT]);
      assert.equal(span?.scopeName, '@opentelemetry/instrumentation-ioredis');
      assert.match(span.scopeVersion, /^\d+\.\d+\.\d+$/);
      assert.equal(span.attributes['db.system.name'], 'redis');
    }
    assert.equal(set?.attributes['db.query.text'], 'set stock [1 other arguments]');
    assert.deepEqual([set.status.code, failed?.status.code, failed?.events[0]?.name], [0, ERROR, 'exception']);
  });
});
