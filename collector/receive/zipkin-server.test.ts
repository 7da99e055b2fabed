import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { flattenTracesData } from '@tracelab/model';
import { decodeTracesData, StatusCode } from '@tracelab/protocol';
import { ZipkinExporter } from '@opentelemetry/exporter-zipkin';
import { api, NodeSDK, resources, tracing } from '@opentelemetry/sdk-node';
import { startTestCollector, type TestCollector } from '../fixtures/start-test-collector.ts';
import { findImbalance } from '../report/ledger.ts';
import { openMemoryStore } from '../store/open-store.ts';

const BODY_BYTES_MAX = 1_000_000;
const TRACE_ID = '00000000000000005982fe77008310cc';
const CLIENT = {
  traceId: '5982fe77008310cc',
  id: 'bd7a977555f6b982',
  kind: 'CLIENT',
  name: 'get',
  timestamp: 1_780_000_000_000_000,
  duration: 5000,
  localEndpoint: { serviceName: 'frontend' },
};
const SERVER = { ...CLIENT, kind: 'SERVER', shared: true, localEndpoint: { serviceName: 'backend' } };

let collector: TestCollector;
before(async () => {
  collector = await startTestCollector({ bodyBytesMax: BODY_BYTES_MAX, receivers: ['zipkin'] });
});
after(async () => {
  assert.equal(findImbalance(await collector.ledger()), undefined);
  await collector.close();
});

function post(
  body: string | Uint8Array,
  headers: Record<string, string> = {},
  to: TestCollector = collector,
): Promise<Response> {
  const init = { method: 'POST', body: typeof body === 'string' ? body : Buffer.from(body) };
  const url = `${to.receiverUrls.zipkin}/api/v2/spans`;
  return fetch(url, { ...init, headers: { 'content-type': 'application/json', ...headers } });
}

async function errorOf(response: Response): Promise<{ status: number; code: string; message: string }> {
  const { error } = (await response.json()) as { error: { code: string; message: string } };
  return { status: response.status, ...error };
}

async function spansOf(traceId: string): Promise<ReturnType<typeof flattenTracesData>> {
  const parts = await collector.store.readParts(traceId);
  return parts.flatMap((bytes) => {
    const data = decodeTracesData(bytes);
    assert.ok(data.ok);
    return flattenTracesData(data.value);
  });
}

describe('POST /api/v2/spans', () => {
  it('takes both halves of a shared span, plain and gzipped, and answers 202 without a body', async () => {
    const body = JSON.stringify([CLIENT]);
    const first = await post(body);
    assert.deepEqual([first.status, await first.text()], [202, '']);
    assert.equal((await post(gzipSync(JSON.stringify([SERVER])), { 'content-encoding': 'gzip' })).status, 202);
    await collector.pass(10_000);
    const spans = await spansOf(TRACE_ID);
    assert.deepEqual(spans.map(({ serviceName }) => serviceName).sort(), ['backend', 'frontend']);
    const [client, server] = ['frontend', 'backend'].map((name) =>
      spans.find(({ serviceName }) => serviceName === name),
    );
    assert.equal(server?.parentSpanId, client?.spanId);
  });

  it('takes what the official exporter sends', async () => {
    const exporter = new ZipkinExporter({ url: `${collector.receiverUrls.zipkin}/api/v2/spans` });
    const sdk = new NodeSDK({
      resource: resources.resourceFromAttributes({ 'service.name': 'official' }),
      spanProcessors: [new tracing.SimpleSpanProcessor(exporter)],
      instrumentations: [],
      autoDetectResources: false,
    });
    sdk.start();
    const span = api.trace.getTracer('official-test').startSpan('order');
    span.addEvent('packed');
    span.setStatus({ code: api.SpanStatusCode.ERROR, message: 'declined' });
    span.end();
    await sdk.shutdown();
    await collector.pass(1000);
    const [found] = await spansOf(span.spanContext().traceId);
    assert.deepEqual(
      [found?.serviceName, found?.name, found?.status, found?.events.map(({ name }) => name)],
      ['official', 'order', { code: StatusCode.error, message: 'declined' }, ['packed']],
    );
  });

  it('counts spans that are rejected one by one, and takes the rest', async () => {
    const before = await collector.ledger();
    const spans = [
      { ...CLIENT, traceId: 'ff' },
      { ...CLIENT, id: 'no hex' },
      { ...CLIENT, traceId: '0' },
    ];
    assert.equal((await post(JSON.stringify(spans))).status, 202);
    const after = await collector.ledger();
    assert.deepEqual([after.received - before.received, after.rejected - before.rejected], [3, 2]);
  });

  it('answers 400 with what is wrong', async () => {
    for (const [body, message] of [
      ['[{"traceId":', /^malformed JSON: /],
      ['', /^malformed JSON: /],
      ['{}', /^the document should be a list of spans$/],
      ['[{"traceId":7}]', /^spans\[0\]\.traceId should be text: was 7$/],
    ] as const) {
      const error = await errorOf(await post(body));
      assert.deepEqual([error.status, error.code], [400, 'bad_request']);
      assert.match(error.message, message);
    }
    assert.equal((await post('not gzip', { 'content-encoding': 'gzip' })).status, 400);
  });

  it('answers 413 over the limit, before and after decompression, and takes one at the limit', async () => {
    const padded = (size: number): string => '[]'.padEnd(size, ' ');
    assert.equal((await post(padded(BODY_BYTES_MAX))).status, 202);
    for (const [body, headers] of [
      [padded(BODY_BYTES_MAX + 1), {}],
      [gzipSync(padded(BODY_BYTES_MAX + 1)), { 'content-encoding': 'gzip' }],
    ] as const) {
      const error = await errorOf(await post(body, headers));
      assert.deepEqual([error.status, error.code], [413, 'too_large']);
      assert.match(error.message, /at most 1000000 bytes, before and after decompression/);
    }
  });

  it('answers 415 to protobuf and other encodings, 404 and 405 to what is not here', async () => {
    assert.match(
      (await errorOf(await post('x', { 'content-type': 'application/x-protobuf' }))).message,
      /should be JSON: protobuf is not built yet/,
    );
    assert.equal((await errorOf(await post('[]', { 'content-encoding': 'br' }))).status, 415);
    assert.equal((await post('[]', { 'content-type': 'text/plain' })).status, 202);
    assert.equal((await fetch(`${collector.receiverUrls.zipkin}/api/v1/spans`, { method: 'POST' })).status, 404);
    assert.equal((await fetch(`${collector.receiverUrls.zipkin}/api/v2/spans`)).status, 405);
  });

  it('answers 503 with Retry-After while the store has no room, and takes nothing', async () => {
    const store = Object.assign(openMemoryStore({ report: () => {} }), { hasRoom: () => false, retryAfterS: () => 17 });
    const full = await startTestCollector({ store, receivers: ['zipkin'] });
    const response = await post(JSON.stringify([CLIENT]), {}, full);
    assert.equal(response.headers.get('retry-after'), '17');
    assert.deepEqual((await errorOf(response)).code, 'overloaded');
    assert.equal((await full.ledger()).received, 0);
    await full.close();
  });
});
