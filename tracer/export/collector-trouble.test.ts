/**
 * A plain application in a process of its own, with all instrumentation in, whose collector is down, slow or answers
 * nonsense: its requests are answered as without a tracer, it ends in time, and exports are never traced themselves.
 */
import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { after, afterEach, before, describe, it } from 'node:test';
import { decodeTracesData } from '@tracelab/protocol';
import { until } from '../../test/until.ts';
import { ChildApp } from '../test-kit/child-app.ts';
import { GrpcCollector } from '../test-kit/grpc-collector.ts';
import { ScriptedCollector } from '../test-kit/scripted-collector.ts';
import type { Script } from '../test-kit/scripted-collector.ts';

const REQUESTS = 20;
const held: ServerResponse[] = [];

const TROUBLE: Record<string, Script> = {
  'never answers': (response) => void held.push(response),
  'answers with garbage': (response) => response.socket?.end('\0\xff garbage\r\n\r\n'),
  'answers 5 MiB': (response) => response.end(Buffer.alloc(5 * 1024 * 1024)),
  'cuts the connection': (response) => response.destroy(),
  'cuts within the answer': (response) => {
    response.writeHead(200, { 'content-length': 10 });
    response.write('half', () => response.destroy());
  },
  'answers 503, retry at once': (response) => response.writeHead(503, { 'retry-after': '0' }).end(),
  'answers 500 with a web page': (response) =>
    response.writeHead(500, { 'content-type': 'text/html' }).end('<html>'.repeat(10_000)),
  'rejects more spans than it got': (response) =>
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end('{"partialSuccess":{"rejectedSpans":"99999999999999999999"}}'),
};

async function askOften(app: ChildApp): Promise<void> {
  for (let turn = 0; turn < REQUESTS; turn++) assert.equal((await fetch(`${app.url}/forbidden`)).status, 403);
}

describe('an application whose collector', () => {
  let collector: ScriptedCollector;
  before(async () => (collector = await ScriptedCollector.open()));
  after(() => collector.close());
  afterEach(() => held.splice(0));

  for (const [trouble, script] of Object.entries(TROUBLE)) {
    it(`${trouble}, answers its own requests and ends by itself`, async () => {
      collector.requests.length = 0;
      collector.script = script;
      const app = await ChildApp.start({
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        OTEL_BSP_SCHEDULE_DELAY: '5',
        OTEL_BSP_MAX_QUEUE_SIZE: '8',
        OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '4',
      });
      await askOften(app);
      await until('an export', () => collector.requests.length > 0);
      await askOften(app);
      assert.deepEqual(await app.end(), { code: 0, signal: null });
      assert(collector.requests.length <= 2 * REQUESTS, 'no more requests than spans');
      assert(app.stderr.split('\n').length <= 8, `it says little:\n${app.stderr}`);
      assert.match(app.stderr, /^(tracer warn: .*\n)*$/);
    });
  }
});

describe('exports, with fetch and node:http instrumented', () => {
  it('make no spans, over HTTP', async () => {
    const collector = await ScriptedCollector.open();
    const bodies: Buffer[] = [];
    collector.script = (response, request, body) => {
      assert.equal(request.headers['traceparent'], undefined);
      bodies.push(body);
      response.end();
    };
    await assertOnlyRequests({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }, bodies);
    await collector.close();
  });

  it('make no spans, over gRPC', async () => {
    const collector = await GrpcCollector.open();
    const url = `http://127.0.0.1:${collector.port}`;
    await assertOnlyRequests(
      { OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
      collector.requests,
    );
    collector.close();
  });

  async function assertOnlyRequests(environment: Record<string, string>, bodies: readonly Uint8Array[]): Promise<void> {
    const app = await ChildApp.start({ ...environment, OTEL_BSP_SCHEDULE_DELAY: '5' });
    for (let turn = 1; turn <= 3; turn++) {
      assert.equal((await fetch(`${app.url}/forbidden`)).status, 403);
      await until('its span', () => spanNames(bodies).length >= turn);
    }
    assert.deepEqual(await app.end(), { code: 0, signal: null });
    assert.deepEqual(spanNames(bodies), ['GET /forbidden', 'GET /forbidden', 'GET /forbidden']);
    assert.equal(app.stderr, '');
  }

  function spanNames(bodies: readonly Uint8Array[]): string[] {
    return bodies.flatMap((body) => {
      const data = decodeTracesData(body);
      assert(data.ok);
      return data.value.resourceSpans.flatMap((each) =>
        each.scopeSpans.flatMap(({ spans }) => spans.map((s) => s.name)),
      );
    });
  }
});
