/** The table "What must the receiver answer" of OTLP, row by row, over real connections. */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { finished } from 'node:stream/promises';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { decodeExportResponse, decodeRpcStatus, encodeTracesData, tracesDataToJson } from '@tracelab/protocol';
import * as fc from 'fast-check';
import { spanIdFor, traceIdFor, tracesOf } from '../fixtures/make-trace.ts';
import { postTraces, startTestCollector, type TestCollector } from '../fixtures/start-test-collector.ts';
import { openMemoryStore } from '../store/open-store.ts';
import type { TraceStore } from '../store/trace-store.ts';
import { findImbalance } from '../report/ledger.ts';

const BODY_BYTES_MAX = 100_000;
const PROTOBUF = 'application/x-protobuf';
const JSON_TYPE = { 'content-type': 'application/json' };
const ONE_SPAN = tracesOf([{ spanId: spanIdFor(0) }]);

let collector: TestCollector;
before(async () => {
  collector = await startTestCollector({ bodyBytesMax: BODY_BYTES_MAX });
});
after(async () => {
  assert.equal(findImbalance(await collector.ledger()), undefined);
  await collector.close();
});

async function bytesOf(response: Response): Promise<Uint8Array> {
  return new Uint8Array(await response.arrayBuffer());
}

async function statusOf(response: Response): Promise<{ http: number; code: number; message: string }> {
  const bytes = await bytesOf(response);
  if (response.headers.get('content-type') === PROTOBUF) {
    const status = decodeRpcStatus(bytes);
    assert.ok(status.ok);
    return { http: response.status, ...status.value };
  }
  assert.equal(response.headers.get('content-type'), 'application/json');
  return { http: response.status, ...(JSON.parse(Buffer.from(bytes).toString()) as { code: number; message: string }) };
}

describe('POST /v1/traces', () => {
  it('answers full success with an empty message in protobuf and {} in JSON, plain and gzipped', async () => {
    const protobuf = encodeTracesData(ONE_SPAN);
    const json = JSON.stringify(tracesDataToJson(ONE_SPAN));
    for (const compress of [false, true]) {
      const encoding: Record<string, string> = compress ? { 'content-encoding': 'gzip' } : {};
      const first = await postTraces(collector, compress ? gzipSync(protobuf) : protobuf, encoding);
      assert.deepEqual(
        [first.status, first.headers.get('content-type'), (await bytesOf(first)).length],
        [200, PROTOBUF, 0],
      );
      const second = await postTraces(collector, compress ? gzipSync(json) : json, { ...JSON_TYPE, ...encoding });
      assert.deepEqual(
        [second.status, second.headers.get('content-type'), await second.text()],
        [200, 'application/json', '{}'],
      );
    }
  });

  it('accepts an empty request, upper-case types and parameters', async () => {
    assert.equal((await postTraces(collector, new Uint8Array())).status, 200);
    assert.equal(
      (await postTraces(collector, '{}', { 'content-type': 'Application/JSON; charset=utf-8' })).status,
      200,
    );
  });

  it('answers partial success with the reason for each kind of rejected span', async () => {
    const request = tracesOf([
      { traceId: traceIdFor(9), spanId: spanIdFor(0) },
      { traceId: traceIdFor(9), spanId: spanIdFor(1), startMs: 5, endMs: 4 },
      { traceId: '0'.repeat(32), spanId: spanIdFor(2) },
    ]);
    const response = decodeExportResponse(await bytesOf(await postTraces(collector, encodeTracesData(request))));
    const errorMessage =
      'rejected 1 spans: the trace id should be 16 bytes and not all zero; 1 spans: the span should not end before it starts';
    assert.deepEqual(response.ok && response.value, { rejectedSpans: 2, errorMessage });
    const answer = await postTraces(collector, JSON.stringify(tracesDataToJson(request)), JSON_TYPE);
    const json: unknown = await answer.json();
    assert.deepEqual(json, { partialSuccess: { rejectedSpans: '2', errorMessage } });
  });

  it('answers 400 with a Status to what cannot be decoded, in the type of the request', async () => {
    const protobuf = await statusOf(await postTraces(collector, Uint8Array.of(0x0a, 0x05, 1)));
    assert.equal(protobuf.http, 400);
    assert.match(protobuf.message, /^malformed protobuf: truncated/);
    const json = await statusOf(await postTraces(collector, '{"resourceSpans":', JSON_TYPE));
    assert.deepEqual([json.http, json.code], [400, 3]);
    assert.match(json.message, /^malformed JSON: /);
    const gzip = await statusOf(await postTraces(collector, 'not gzip', { 'content-encoding': 'gzip' }));
    assert.equal(gzip.http, 400);
    assert.match(gzip.message, /^not a gzip body/);
  });

  it('answers 413 with a Status to a body over the limit, and takes one at the limit', async () => {
    const padded = (size: number): string => '{}'.padEnd(size, ' ');
    assert.equal((await postTraces(collector, padded(BODY_BYTES_MAX), JSON_TYPE)).status, 200);
    const answer = await statusOf(await postTraces(collector, padded(BODY_BYTES_MAX + 1), JSON_TYPE));
    assert.deepEqual([answer.http, answer.code], [413, 8]);
    assert.match(answer.message, /at most 100000 bytes, before and after decompression/);
  });

  it('stops inflating at the limit: 50 MB in 50 kB cost no more than it', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    assert.ok(bomb.length < BODY_BYTES_MAX);
    const before = process.memoryUsage().arrayBuffers;
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => postTraces(collector, bomb, { 'content-encoding': 'gzip' })),
    );
    assert.deepEqual(
      answers.map(({ status }) => status),
      [413, 413, 413, 413],
    );
    assert.ok(process.memoryUsage().arrayBuffers - before < 20_000_000);
  });

  it('answers 415 to another type or encoding, saying what is allowed', async () => {
    const type = await statusOf(await postTraces(collector, 'x', { 'content-type': 'text/plain' }));
    assert.equal(type.http, 415);
    assert.match(type.message, /should be application\/x-protobuf or application\/json: was "text\/plain"/);
    const nonsense = await statusOf(await postTraces(collector, 'x', { 'content-type': 'nonsense' }));
    assert.equal(nonsense.http, 415);
    const encoding = await statusOf(await postTraces(collector, 'x', { 'content-encoding': 'br' }));
    assert.equal(encoding.http, 415);
    assert.match(encoding.message, /should be gzip or identity: was "br"/);
  });

  it('answers 405 with Allow to another method', async () => {
    for (const method of ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      const response = await fetch(`${collector.otlpUrl}/v1/traces`, { method });
      assert.equal(response.headers.get('allow'), 'POST');
      assert.equal((await statusOf(response)).http, 405);
    }
    assert.equal((await fetch(`${collector.otlpUrl}/v1/traces`, { method: 'HEAD' })).status, 405);
  });

  it('answers 404 to other signals, saying that they are not built yet, and to other paths', async () => {
    for (const [path, message] of [
      ['/v1/logs', /takes traces only, at \/v1\/traces: logs are not built yet/],
      ['/v1/metrics', /metrics are not built yet/],
      ['/nowhere', /there is no \/nowhere here/],
    ] as const) {
      for (const contentType of [PROTOBUF, 'application/json']) {
        const init = { method: 'POST', body: 'x', headers: { 'content-type': contentType } };
        const response = await fetch(collector.otlpUrl + path, init);
        assert.equal(response.headers.get('content-type'), contentType);
        const answer = await statusOf(response);
        assert.equal(answer.http, 404);
        assert.match(answer.message, message);
      }
    }
  });

  it('answers 503 with the Retry-After of the store while it has no room, and nothing is lost', async () => {
    const memory = openMemoryStore({ report: () => {} });
    let hasRoom = true;
    const store: TraceStore = Object.assign(memory, { hasRoom: () => hasRoom, retryAfterS: () => 17 });
    const full = await startTestCollector({ store });
    assert.equal((await postTraces(full, encodeTracesData(ONE_SPAN))).status, 200);
    hasRoom = false;
    const response = await postTraces(full, encodeTracesData(tracesOf([{ spanId: spanIdFor(1) }])));
    assert.equal(response.headers.get('retry-after'), '17');
    assert.deepEqual(await statusOf(response).then(({ http, code }) => [http, code]), [503, 14]);
    assert.equal((await full.ledger()).received, 1);
    hasRoom = true;
    assert.equal((await postTraces(full, encodeTracesData(tracesOf([{ spanId: spanIdFor(1) }])))).status, 200);
    await full.pass(1000);
    assert.equal((await full.ledger()).stored, 2);
    assert.equal(findImbalance(await full.ledger()), undefined);
    await full.close();
  });

  it('goes on after any bytes whatever', async () => {
    const type = fc.constantFrom(PROTOBUF, 'application/json');
    const encoding = fc.constantFrom('gzip', 'identity');
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        type,
        encoding,
        async (body, contentType, contentEncoding) => {
          const response = await postTraces(collector, body, {
            'content-type': contentType,
            'content-encoding': contentEncoding,
          });
          assert.ok([200, 400].includes(response.status), `was ${response.status}`);
          await response.arrayBuffer();
        },
      ),
      { numRuns: 200 },
    );
    assert.equal((await postTraces(collector, encodeTracesData(ONE_SPAN))).status, 200);
  });

  it('goes on after a connection that breaks off in the middle of a body', async () => {
    const { hostname, port } = new URL(collector.otlpUrl);
    for (const headers of ['', 'content-encoding: gzip\r\n']) {
      const { promise: closed, resolve } = Promise.withResolvers<void>();
      const socket = connect(Number(port), hostname, () => {
        socket.write(
          `POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: ${PROTOBUF}\r\n${headers}content-length: 5000\r\n\r\nabc`,
          () => socket.destroy(),
        );
      });
      socket.on('close', () => resolve());
      await closed;
    }
    assert.equal((await postTraces(collector, encodeTracesData(ONE_SPAN))).status, 200);
  });

  it('takes as much as ever after many senders broke off in the middle', async () => {
    const { hostname, port } = new URL(collector.otlpUrl);
    // Together more than may be in memory at once: what they took must have been given back.
    for (let sender = 0; sender < 6; sender++) {
      const socket = connect(Number(port), hostname);
      socket.write(
        `POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: ${PROTOBUF}\r\ntransfer-encoding: chunked\r\n\r\n`,
      );
      socket.write(`${(BODY_BYTES_MAX - 1000).toString(16)}\r\n`);
      // What breaks the body off comes behind it on the same connection, so that all of it was read by then.
      socket.end(Buffer.concat([Buffer.alloc(BODY_BYTES_MAX - 1000), Buffer.from('\r\nno chunk')]));
      await finished(socket.resume());
    }
    const largest = '{}'.padEnd(BODY_BYTES_MAX, ' ');
    assert.equal((await postTraces(collector, largest, JSON_TYPE)).status, 200);
  });

  it('reads on after it refused a body, so that its sender sees the answer and the connection goes on', async () => {
    const { hostname, port } = new URL(collector.otlpUrl);
    const socket = connect(Number(port), hostname);
    socket.write(
      `POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: ${PROTOBUF}\r\ntransfer-encoding: chunked\r\n\r\n`,
    );
    const chunk = Buffer.concat([Buffer.from('100000\r\n'), Buffer.alloc(0x10_00_00), Buffer.from('\r\n')]);
    for (let part = 0; part < 8; part++) socket.write(chunk);
    socket.write('0\r\n\r\nGET /nowhere HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
    let answers = '';
    for await (const bytes of socket as AsyncIterable<Buffer>) answers += bytes.toString();
    assert.match(answers, /^HTTP\/1.1 413 .*HTTP\/1.1 404 /s);
  });

  it('answers a path that cannot be decoded with a Status', async () => {
    const response = await fetch(`${collector.otlpUrl}/%zz`);
    assert.deepEqual(await statusOf(response).then(({ http, code }) => [http, code]), [400, 3]);
  });
});
