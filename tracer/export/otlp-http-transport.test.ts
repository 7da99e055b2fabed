/** The real transport against a server that answers by script: every status, broken and slow connections, nonsense. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { LIMITS, encodeExportResponse } from '@tracelab/protocol';
import { tracesUrl } from './create-transport.ts';
import { createOtlpHttpTransport } from './otlp-http-transport.ts';
import type { Transport } from './transport.ts';

type Script = (response: ServerResponse, request: IncomingMessage, body: Buffer) => void;

const BODY = new TextEncoder().encode('spans');
const PROTOBUF = { 'content-type': 'application/x-protobuf' };

describe('the OTLP/HTTP transport', () => {
  let script: Script = (response) => response.end();
  const connections = new Set<number | undefined>();
  const transports: Transport[] = [];
  const server = createServer((request, response) => {
    connections.add(request.socket.remotePort);
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => script(response, request, Buffer.concat(chunks)));
  });
  const transport = (compression: 'none' | 'gzip' = 'none', headers: Record<string, string> = {}): Transport => {
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`);
    const made = createOtlpHttpTransport({ url, headers, compression, userAgent: 'test/1' });
    transports.push(made);
    return made;
  };
  before(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  after(() => {
    for (const each of transports) each.close();
    server.closeAllConnections();
    server.close();
  });

  it('posts protobuf with the headers asked for, on one kept connection', async () => {
    const seen: IncomingMessage[] = [];
    script = (response, request, body) => {
      seen.push(request);
      assert.deepEqual([...body], [...BODY]);
      response.end();
    };
    const kept = transport('none', { 'x-tenant': 'shop' });
    connections.clear();
    for (let turn = 0; turn < 3; turn++) assert.equal((await kept.send(BODY, 5000)).kind, 'delivered');
    assert.equal(connections.size, 1);
    const [first] = seen;
    assert.equal(first?.method, 'POST');
    assert.equal(first.url, '/v1/traces');
    assert.equal(first.headers['content-type'], 'application/x-protobuf');
    assert.equal(first.headers['user-agent'], 'test/1');
    assert.equal(first.headers['x-tenant'], 'shop');
    assert.equal(first.headers['traceparent'], undefined);
  });

  it('compresses where asked', async () => {
    script = (response, request, body) => {
      assert.equal(request.headers['content-encoding'], 'gzip');
      assert.deepEqual([...gunzipSync(body)], [...BODY]);
      response.end();
    };
    assert.equal((await transport('gzip').send(BODY, 5000)).kind, 'delivered');
  });

  it('may try again after 429, 502, 503 and 504 only', async () => {
    for (const status of [300, 302, 400, 401, 403, 404, 408, 413, 415, 429, 500, 501, 502, 503, 504, 505]) {
      script = (response) => response.writeHead(status).end('text');
      const outcome = await transport().send(BODY, 5000);
      assert.equal(outcome.kind, [429, 502, 503, 504].includes(status) ? 'retryable' : 'refused', String(status));
    }
  });

  it('reads Retry-After', async () => {
    script = (response) => response.writeHead(503, { 'retry-after': '3' }).end();
    const outcome = await transport().send(BODY, 5000);
    assert.equal(outcome.kind === 'retryable' && outcome.retryAfterMs, 3000);
  });

  it('reads a partial success, and takes nonsense after a 200 as delivered', async () => {
    script = (response) =>
      response.writeHead(200, PROTOBUF).end(encodeExportResponse({ rejectedSpans: 2, errorMessage: 'why' }));
    assert.deepEqual(await transport().send(BODY, 5000), { kind: 'delivered', rejectedSpans: 2, message: 'why' });
    script = (response) => response.writeHead(200, PROTOBUF).end('<html>');
    assert.equal((await transport().send(BODY, 5000)).kind, 'delivered');
    script = (response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    assert.equal((await transport().send(BODY, 5000)).kind, 'delivered');
  });

  it('may try again after a connection that breaks before or within the answer', async () => {
    script = (response) => response.destroy();
    assert.equal((await transport().send(BODY, 5000)).kind, 'retryable');
    script = (response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('half', () => response.destroy());
    };
    assert.equal((await transport().send(BODY, 5000)).kind, 'retryable');
  });

  it('gives up waiting at the timeout', async () => {
    script = () => {};
    const outcome = await transport().send(BODY, 50);
    assert.equal(outcome.kind === 'retryable' && outcome.reason, 'no answer within the timeout');
  });

  it('stops reading an answer over the limit, for good', async () => {
    script = (response) => response.end(Buffer.alloc(LIMITS.otlpResponseBytesMax + 1));
    assert.equal((await transport().send(BODY, 5000)).kind, 'refused');
  });

  it('says that nobody listens', async () => {
    const nobody = createOtlpHttpTransport({
      url: new URL('http://127.0.0.1:1'),
      headers: {},
      compression: 'none',
      userAgent: 'x',
    });
    transports.push(nobody);
    const outcome = await nobody.send(BODY, 5000);
    assert(outcome.kind === 'retryable' && outcome.isUnreachable);
    assert.match(outcome.reason, /ECONNREFUSED/);
  });

  it('refuses a header that HTTP cannot carry instead of throwing', async () => {
    assert.equal((await transport('none', { 'x-bad': 'a\nb' }).send(BODY, 5000)).kind, 'refused');
  });
});

it('v1/traces is appended to a base address; the address for traces is used as it is', () => {
  assert.equal(tracesUrl('http://localhost:4318', '').href, 'http://localhost:4318/v1/traces');
  assert.equal(tracesUrl('http://h/otlp/', '').href, 'http://h/otlp/v1/traces');
  assert.equal(tracesUrl('http://h/otlp', '').href, 'http://h/otlp/v1/traces');
  assert.equal(tracesUrl('http://ignored', 'http://h:9/custom').href, 'http://h:9/custom');
  assert.equal(tracesUrl('http://ignored', 'http://h').href, 'http://h/');
});
