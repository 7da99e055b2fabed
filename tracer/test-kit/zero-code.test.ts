/**
 * Plain Fastify applications in processes of their own, started with `--import @tracelab/tracer/register` and nothing
 * else, calling each other by global fetch; what they did is read from a collector and from their log lines.
 */
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, afterEach, before, describe, it } from 'node:test';
import { ChildApp } from './child-app.ts';
import { OtlpSink } from './otlp-sink.ts';
import type { ReceivedSpan } from './received-span.ts';
import { named } from './received-span.ts';
import { until } from '../../test/until.ts';

const SERVER = 2;
const CLIENT = 3;
const ERROR = 2;
const from = (spans: readonly ReceivedSpan[], service: string) =>
  spans.filter((span) => span.resource['service.name'] === service);

/** An address where a server was and is no more. */
async function urlOfNobody(): Promise<string> {
  const gone = await OtlpSink.open();
  const { url } = gone;
  await gone.close();
  return url;
}

describe('a plain application under --import @tracelab/tracer/register', () => {
  let sink: OtlpSink;
  let front: ChildApp;
  let back: ChildApp;
  before(async () => {
    sink = await OtlpSink.open();
    const common = { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, TRACELAB_IGNORE_PATHS: '/healthz' };
    back = await ChildApp.start({ ...common, OTEL_SERVICE_NAME: 'back' });
    front = await ChildApp.start({
      ...common,
      OTEL_SERVICE_NAME: 'front',
      BACK_URL: back.url,
      NOBODY_URL: await urlOfNobody(),
    });
  });
  afterEach(() => assert.deepEqual([front.stderr, back.stderr], ['', '']));
  after(async () => {
    const ended = { code: 0, signal: null };
    assert.deepEqual(await Promise.all([front.end(), back.end()]), [ended, ended]);
    await sink.close();
  });

  it('shows the whole tree of a request across two processes', async () => {
    const answer = (await (await fetch(`${front.url}/front/7`)).json()) as { traceparent: string; own?: string }[];
    const spans = await sink.takeWhen(7);
    const entry = named(from(spans, 'front'), 'GET /front/:id');
    assert.deepEqual([entry.kind, entry.parentSpanId, entry.flags], [SERVER, '', 0x103], 'a root with the random flag');
    for (const span of spans) assert.equal(span.traceId, entry.traceId);
    for (const [method, index] of [
      ['GET', 0],
      ['POST', 1],
    ] as const) {
      const client = named(from(spans, 'front'), method);
      const server = named(from(spans, 'back'), `${method} /back/:id`);
      assert.deepEqual([client.kind, client.parentSpanId], [CLIENT, entry.spanId]);
      assert.deepEqual([server.kind, server.parentSpanId, server.flags], [SERVER, client.spanId, 0x303]);
      assert.equal(answer[index]?.traceparent, `00-${entry.traceId}-${client.spanId}-03`);
      const sql = spans.filter((span) => span.parentSpanId === server.spanId);
      assert.deepEqual(
        sql.map((span) => [span.name, span.kind]),
        [['SELECT stock', CLIENT]],
      );
    }
    assert.equal(answer[0]?.own, 'kept');
  });

  it('describes a request by the stable HTTP conventions, secrets redacted', async () => {
    await (await fetch(`${front.url}/front/7`)).text();
    const spans = await sink.takeWhen(7);
    const backPort = BigInt(new URL(back.url).port);
    const client = named(from(spans, 'front'), 'GET').attributes;
    assert.deepEqual(client, {
      'http.request.method': 'GET',
      'server.address': '127.0.0.1',
      'server.port': backPort,
      'url.full': `${back.url}/back/1?token=REDACTED&page=2`,
      'http.response.status_code': 200n,
    });
    const { 'network.peer.port': peerPort, ...server } = named(from(spans, 'back'), 'GET /back/:id').attributes;
    assert.equal(typeof peerPort, 'bigint');
    assert.deepEqual(server, {
      'http.request.method': 'GET',
      'url.path': '/back/1',
      'url.query': 'token=REDACTED&page=2',
      'url.scheme': 'http',
      'server.address': '127.0.0.1',
      'server.port': backPort,
      'network.peer.address': '127.0.0.1',
      'network.protocol.version': '1.1',
      'user_agent.original': 'node',
      'http.route': '/back/:id',
      'http.response.status_code': 200n,
    });
  });

  it('stamps every log line of a request with its trace and span', async () => {
    await (await fetch(`${front.url}/front/logged`)).text();
    const spans = await sink.takeWhen(7);
    const entry = named(from(spans, 'front'), 'GET /front/:id');
    const stamped = () => front.logLines.filter((line) => line['trace_id'] === entry.traceId);
    await until('three stamped lines', () => stamped().length === 3);
    assert.deepEqual(
      stamped().map((line) => [line['msg'], line['span_id'], line['trace_flags']]),
      [
        ['incoming request', entry.spanId, '03'],
        ['both answered', entry.spanId, '03'],
        ['request completed', entry.spanId, '03'],
      ],
    );
    const looked = () => back.logLines.filter((line) => line['trace_id'] === entry.traceId && line['part'] === 'back');
    await until('the lines of a child logger', () => looked().length === 2);
    const outside = front.logLines.find((line) => String(line['msg']).startsWith('Server listening'));
    assert(outside && !('trace_id' in outside), 'a line outside of a request has no stamp');
  });

  it('continues the trace of its caller, unsampled ones without spans but with log stamps', async () => {
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const call = (flags: string) => ({
      headers: { traceparent: `00-${traceId}-00f067aa0ba902b7-${flags}`, tracestate: 'a=1' },
    });
    const dark = (await (await fetch(`${front.url}/front/dark`, call('00'))).json()) as { traceparent: string }[];
    assert.match(dark[0]?.traceparent ?? '', new RegExp(`^00-${traceId}-(?!00f067aa0ba902b7)[0-9a-f]{16}-00$`));
    await until('a stamped line of the unsampled request', () =>
      front.logLines.some((line) => line['trace_id'] === traceId && line['trace_flags'] === '00'),
    );
    await (await fetch(`${front.url}/front/lit`, call('01'))).text();
    const spans = await sink.takeWhen(7);
    const entry = named(from(spans, 'front'), 'GET /front/:id');
    assert.deepEqual([entry.traceId, entry.parentSpanId, entry.traceState], [traceId, '00f067aa0ba902b7', 'a=1']);
    for (const span of spans) assert.equal(span.flags & 0x02, 0, 'the caller did not set the random flag');
  });

  it('names 404s by the method alone, and refusals in a hook by their route', async () => {
    assert.equal((await fetch(`${front.url}/nowhere/4711`)).status, 404);
    assert.equal((await fetch(`${front.url}/forbidden`)).status, 403);
    const spans = await sink.takeWhen(2);
    const missing = named(spans, 'GET');
    assert.deepEqual([missing.attributes['http.response.status_code'], missing.status.code], [404n, 0]);
    assert.equal(missing.attributes['http.route'], undefined);
    assert.equal(named(spans, 'GET /forbidden').attributes['http.response.status_code'], 403n);
  });

  it('marks a handler that throws as an error, with the exception', async () => {
    assert.equal((await fetch(`${front.url}/boom`)).status, 500);
    const [span] = await sink.takeWhen(1);
    assert.equal(span?.status.code, ERROR);
    assert.equal(span.attributes['error.type'], '500');
    const event = span.events[0]?.attributes.find(({ key }) => key === 'exception.message');
    assert.equal(event?.value, 'no luck');
  });

  it('marks a call that nobody answers as an error, on both spans', async () => {
    assert.equal((await fetch(`${front.url}/refused`)).status, 500);
    const spans = await sink.takeWhen(2);
    const client = named(spans, 'GET');
    assert.deepEqual([client.status.code, client.parentSpanId], [ERROR, named(spans, 'GET /refused').spanId]);
    assert.equal(client.attributes['error.type'], 'ECONNREFUSED');
  });

  it('ends the span of a request that its caller cut, as an error', async () => {
    const cut = request(`${front.url}/slow`);
    cut.on('error', () => {});
    cut.end();
    await until('the request to arrive', () => front.messages.length > 0);
    cut.destroy();
    const [span] = await sink.takeWhen(1);
    assert.equal(span?.name, 'GET /slow');
    assert.deepEqual([span.status.code, span.attributes['error.type']], [ERROR, 'aborted']);
    assert.equal(span.attributes['http.response.status_code'], undefined);
  });

  it('makes no spans for an ignored path, nor for what is done under it', async () => {
    assert.match(
      await (await fetch(`${front.url}/healthz`)).text(),
      /fetch failed|Failed to parse URL/,
      'front asked back',
    );
    assert.equal((await fetch(`${front.url}/forbidden`)).status, 403);
    const spans = await sink.takeWhen(1);
    assert.deepEqual(
      spans.map((span) => span.name),
      ['GET /forbidden'],
    );
  });
});
