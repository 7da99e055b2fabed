/** The real transport against a real server that answers by script: every status, broken and slow connections, nonsense. */
import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { after, afterEach, before, describe, it } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import {
  LIMITS,
  encodeExportResponse,
  encodeRpcStatus,
  encodeTracesData,
  tracesDataFromJson,
} from '@tracelab/protocol';
import { ScriptedCollector } from '../test-kit/scripted-collector.ts';
import { createOtlpHttpTransport } from './otlp-http-transport.ts';
import type { OtlpHttpOptions } from './otlp-http-transport.ts';
import type { Transport } from './transport.ts';

const BODY = new TextEncoder().encode('spans');
const PROTOBUF = { 'content-type': 'application/x-protobuf' };
const JSON_TYPE = { 'content-type': 'Application/JSON; charset=utf-8' };
const DELIVERED = { kind: 'delivered', rejectedSpans: 0, message: '' };

describe('the OTLP/HTTP transport', () => {
  let collector: ScriptedCollector;
  const transports: Transport[] = [];
  const transport = (options: Partial<OtlpHttpOptions> = {}): Transport => {
    const url = new URL(`${collector.url}/v1/traces`);
    const plain = {
      url,
      headers: {},
      compression: 'none',
      encoding: 'protobuf',
      userAgent: 'test/1',
      tls: {},
    } as const;
    const made = createOtlpHttpTransport({ ...plain, ...options });
    transports.push(made);
    return made;
  };
  before(async () => (collector = await ScriptedCollector.open()));
  afterEach(() => (collector.onRequest = () => {}));
  after(() => {
    for (const each of transports) each.close();
    return collector.close();
  });

  it('posts protobuf with the headers asked for, on one kept connection', async () => {
    const seen: IncomingMessage[] = [];
    collector.script = (response, request, body) => {
      seen.push(request);
      assert.deepEqual([...body], [...BODY]);
      response.end();
    };
    const headers = { 'x-tenant': 'shop', 'content-type': 'text/plain', 'Content-Length': '1' };
    const kept = transport({ headers });
    collector.ports.clear();
    for (let turn = 0; turn < 3; turn++) assert.deepEqual(await kept.send(BODY, 5000), DELIVERED);
    assert.equal(collector.ports.size, 1);
    const [first] = seen;
    assert.equal(first?.method, 'POST');
    assert.equal(first.url, '/v1/traces');
    assert.equal(first.headers['content-type'], 'application/x-protobuf');
    assert.equal(first.headers['user-agent'], 'test/1');
    assert.equal(first.headers['x-tenant'], 'shop');
    assert.equal(first.headers.host, new URL(collector.url).host);
    assert.equal(first.headers['traceparent'], undefined);
  });

  it('sends the credentials of its address, and never shows them', async () => {
    collector.script = (response, request) => {
      assert.equal(request.headers.authorization, `Basic ${Buffer.from('a b:c').toString('base64')}`);
      response.end();
    };
    const url = new URL(collector.url);
    url.username = 'a b';
    url.password = 'c';
    const made = transport({ url });
    assert.deepEqual(await made.send(BODY, 5000), DELIVERED);
    assert.equal(made.destination, `${collector.url}/`);
  });

  it('compresses where asked', async () => {
    collector.script = (response, request, body) => {
      assert.equal(request.headers['content-encoding'], 'gzip');
      assert.deepEqual([...gunzipSync(body)], [...BODY]);
      response.end();
    };
    assert.deepEqual(await transport({ compression: 'gzip' }).send(BODY, 5000), DELIVERED);
  });

  it("sends the same batch as OTLP's JSON where asked", async () => {
    const json = {
      resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8) }] }] }],
    };
    const data = tracesDataFromJson(json);
    assert(data.ok);
    collector.script = (response, request, body) => {
      assert.equal(request.headers['content-type'], 'application/json');
      const arrived = tracesDataFromJson(JSON.parse(body.toString()));
      assert.deepEqual(arrived, data);
      response.writeHead(200, JSON_TYPE).end('{"partialSuccess":{"rejectedSpans":"1","errorMessage":"no"}}');
    };
    const outcome = await transport({ encoding: 'json' }).send(encodeTracesData(data.value), 5000);
    assert.deepEqual(outcome, { kind: 'delivered', rejectedSpans: 1, message: 'no' });
  });

  it('may try again after 429, 502, 503 and 504 only', async () => {
    for (const status of [300, 302, 400, 401, 403, 404, 408, 413, 415, 429, 500, 501, 502, 503, 504, 505]) {
      collector.script = (response) => response.writeHead(status, { location: '/elsewhere' }).end('text');
      const outcome = await transport().send(BODY, 5000);
      assert.equal(outcome.kind, [429, 502, 503, 504].includes(status) ? 'retryable' : 'refused', String(status));
    }
  });

  it('takes any 2xx as delivered', async () => {
    for (const status of [200, 202, 204]) {
      collector.script = (response) => response.writeHead(status).end();
      assert.deepEqual(await transport().send(BODY, 5000), DELIVERED);
    }
  });

  it('reads Retry-After', async () => {
    for (const [header, retryAfterMs] of [
      ['3', 3000],
      ['Thu, 01 Jan 2026 00:00:00 GMT', 0],
      ['soon', undefined],
    ] as const) {
      collector.script = (response) => response.writeHead(503, { 'retry-after': header }).end();
      const outcome = await transport().send(BODY, 5000);
      assert.equal(outcome.kind === 'retryable' && outcome.retryAfterMs, retryAfterMs);
    }
  });

  it('says what the collector says is wrong, in either encoding, cut to a line', async () => {
    const bytes = encodeRpcStatus({ code: 3, message: 'zero trace id' });
    for (const [headers, body] of [
      [PROTOBUF, bytes],
      [JSON_TYPE, '{"code":3,"message":"zero trace id"}'],
    ] as const) {
      collector.script = (response) => response.writeHead(400, headers).end(body);
      assert.deepEqual(await transport().send(BODY, 5000), {
        kind: 'refused',
        reason: 'the answer was 400 Bad Request: zero trace id',
      });
    }
    collector.script = (response) =>
      response.writeHead(400, JSON_TYPE).end(JSON.stringify({ message: 'x'.repeat(999) }));
    const long = await transport().send(BODY, 5000);
    assert(long.kind === 'refused' && long.reason.length < 250);
  });

  it('reads a partial success', async () => {
    const answer = encodeExportResponse({ rejectedSpans: 2, errorMessage: 'why' });
    const partial = { kind: 'delivered', rejectedSpans: 2, message: 'why' };
    collector.script = (response) => response.writeHead(200, PROTOBUF).end(answer);
    assert.deepEqual(await transport().send(BODY, 5000), partial);
    collector.script = (response) =>
      response.writeHead(200, { ...PROTOBUF, 'content-encoding': 'gzip' }).end(gzipSync(answer));
    assert.deepEqual(await transport().send(BODY, 5000), partial, 'compressed without being asked to');
  });

  it('takes nonsense after a 200 as delivered', async () => {
    for (const [headers, body] of [
      [PROTOBUF, '<html>'],
      [{ ...PROTOBUF, 'content-encoding': 'gzip' }, 'no gzip'],
      [JSON_TYPE, '{"partialSuccess":{}}'],
      [JSON_TYPE, '{"partialSuccess":{"rejectedSpans":"many","errorMessage":7}}'],
      [JSON_TYPE, '[null]'],
      [JSON_TYPE, '{'],
      [{}, 'text'],
    ] as const) {
      collector.script = (response) => response.writeHead(200, headers).end(body);
      assert.deepEqual(await transport().send(BODY, 5000), DELIVERED, body);
    }
  });

  it('is asked whether it is a collector where it answers 200 with a web page', async () => {
    collector.script = (response) => response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<p>');
    const outcome = await transport().send(BODY, 5000);
    assert(outcome.kind === 'delivered' && /is this a collector\?/.test(outcome.message), JSON.stringify(outcome));
  });

  it('may try again after a connection that breaks before, during or after the headers of the answer', async () => {
    collector.onRequest = (request) => request.socket.destroy();
    assert.equal((await transport().send(new Uint8Array(4_000_000), 5000)).kind, 'retryable', 'within our body');
    collector.onRequest = () => {};
    collector.script = (response) => response.destroy();
    assert.equal((await transport().send(BODY, 5000)).kind, 'retryable');
    collector.script = (response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('half', () => response.destroy());
    };
    assert.equal((await transport().send(BODY, 5000)).kind, 'retryable');
    collector.script = (response) => response.socket?.end('nonsense\r\n\r\n');
    assert.equal((await transport().send(BODY, 5000)).kind, 'retryable', 'no HTTP at all');
  });

  it('asks once more at once where the kept connection was closed meanwhile', async () => {
    collector.script = (response) => response.end();
    const kept = transport();
    assert.deepEqual(await kept.send(BODY, 5000), DELIVERED);
    let isFirst = true;
    collector.onRequest = (request) => {
      if (isFirst) request.socket.destroy();
      isFirst = false;
    };
    assert.deepEqual(await kept.send(BODY, 5000), DELIVERED);
    collector.onRequest = (request) => request.socket.destroy();
    assert.equal((await kept.send(BODY, 5000)).kind, 'retryable', 'but not for ever');
  });

  it('makes a new connection where the collector ended the last one, or soon would', async () => {
    for (const [headers, connectionCount] of [
      [{ 'keep-alive': 'timeout=60' }, 1],
      [{ 'keep-alive': 'timeout=1' }, 2],
      [{ connection: 'close' }, 2],
    ] as const) {
      collector.script = (response) => response.writeHead(200, headers).end();
      collector.ports.clear();
      const kept = transport();
      assert.deepEqual([await kept.send(BODY, 5000), await kept.send(BODY, 5000)], [DELIVERED, DELIVERED]);
      assert.equal(collector.ports.size, connectionCount, JSON.stringify(headers));
    }
  });

  it('sends nothing any more once it is closed, on a kept connection neither', async () => {
    collector.script = (response) => response.end();
    const kept = transport();
    assert.deepEqual(await kept.send(BODY, 5000), DELIVERED);
    const before = collector.requests.length;
    collector.script = () => kept.close();
    assert.equal((await kept.send(BODY, 5000)).kind, 'retryable');
    assert.equal((await kept.send(BODY, 5000)).kind, 'retryable');
    assert.equal(collector.requests.length, before + 1);
  });

  it('gives up waiting at the timeout, for the answer as for its body', async () => {
    const timedOut = { kind: 'retryable', reason: 'no answer within the timeout', isUnreachable: true } as const;
    collector.script = () => {};
    assert.deepEqual(await transport().send(BODY, 50), { ...timedOut, retryAfterMs: undefined });
    collector.script = (response) => response.writeHead(200, { 'content-length': 100 }).write('half');
    assert.deepEqual(await transport().send(BODY, 50), { ...timedOut, retryAfterMs: undefined });
  });

  it('stops reading an answer over the limit, for good, inflated ones as well', async () => {
    const large = Buffer.alloc(LIMITS.otlpResponseBytesMax + 1);
    for (const [headers, body] of [
      [PROTOBUF, Buffer.alloc(5 * 1024 * 1024)],
      [PROTOBUF, large],
      [{ ...PROTOBUF, 'content-encoding': 'gzip' }, gzipSync(large)],
    ] as const) {
      collector.script = (response) => response.writeHead(200, headers).end(body);
      const outcome = await transport().send(BODY, 5000);
      assert(outcome.kind === 'refused' && outcome.reason === 'the answer was over 4194304 bytes');
    }
    collector.script = (response) => response.writeHead(200, PROTOBUF).end(large.subarray(1));
    assert.deepEqual(await transport().send(BODY, 5000), DELIVERED, 'exactly at the limit');
  });

  it('says that nobody listens', async () => {
    const outcome = await transport({ url: new URL('http://127.0.0.1:1') }).send(BODY, 5000);
    assert(outcome.kind === 'retryable' && outcome.isUnreachable);
    assert.match(outcome.reason, /ECONNREFUSED/);
  });

  it('refuses a header that HTTP cannot carry instead of throwing, without showing its value', async () => {
    const outcome = await transport({ headers: { 'x-bad': 'secret\nb' } }).send(BODY, 5000);
    assert(outcome.kind === 'refused' && !outcome.reason.includes('secret'));
  });
});
