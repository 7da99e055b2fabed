/** OTLP over gRPC, by the table "What must the receiver answer" of OTLP, with clients that others use. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { compressionAlgorithms, status } from '@grpc/grpc-js';
import { decodeExportResponse, encodeRpcStatus, encodeTracesData } from '@tracelab/protocol';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { api, NodeSDK, resources, tracing } from '@opentelemetry/sdk-node';
import * as fc from 'fast-check';
import { GrpcClient, RawConnection, grpcFrame, grpcStatusOf } from '../fixtures/grpc-client.ts';
import { spanIdFor, traceIdFor, tracesOf } from '../fixtures/make-trace.ts';
import { startTestCollector, type TestCollector } from '../fixtures/start-test-collector.ts';
import { findImbalance } from '../report/ledger.ts';
import { openMemoryStore } from '../store/open-store.ts';
import { ArrayPool } from './array-pool.ts';
import { ReceiveLedger } from './receive-ledger.ts';
import { createReceivers } from './receivers.ts';
import type { ReceivePeers } from './take-request.ts';
import { until } from '../../test/until.ts';

const BODY_BYTES_MAX = 100_000;
const ONE_SPAN = encodeTracesData(tracesOf([{ spanId: spanIdFor(0) }]));
const GZIP = { 'grpc.default_compression_algorithm': compressionAlgorithms.gzip };

let collector: TestCollector;
let url = '';
let client: GrpcClient;
let zipped: GrpcClient;
let raw: RawConnection;
before(async () => {
  collector = await startTestCollector({ bodyBytesMax: BODY_BYTES_MAX, receivers: ['otlpGrpc'] });
  url = collector.receiverUrls.otlpGrpc ?? '';
  client = new GrpcClient(url);
  zipped = new GrpcClient(url, GZIP);
  raw = new RawConnection(url);
});
after(async () => {
  for (const each of [client, zipped, raw]) each.close();
  assert.equal(findImbalance(await collector.ledger()), undefined);
  await collector.close();
});

function peersOf(accept: ReceivePeers['accept']): Omit<ReceivePeers, 'budget'> {
  return { accept, retryAfterS: () => 1, ledger: new ReceiveLedger(), arrays: new ArrayPool(1e6) };
}

/** Of `collector_requests_total`. */
async function malformedCount(): Promise<number> {
  const text = await (await fetch(`${collector.queryUrl}/metrics`)).text();
  return Number(/^collector_requests_total\{outcome="malformed"\} (\d+)$/m.exec(text)?.[1]);
}

describe('TraceService/Export', () => {
  it('takes what the official OpenTelemetry exporter sends', async () => {
    const traceIds: string[] = [];
    for (const compression of ['none', 'gzip'] as const) {
      const exporter = new OTLPTraceExporter({ url, compression: compression as never });
      const sdk = new NodeSDK({
        resource: resources.resourceFromAttributes({ 'service.name': 'official' }),
        spanProcessors: [new tracing.SimpleSpanProcessor(exporter)],
        instrumentations: [],
        autoDetectResources: false,
      });
      sdk.start();
      const span = api.trace.getTracer('official-test').startSpan(`order ${compression}`);
      span.end();
      traceIds.push(span.spanContext().traceId);
      await sdk.shutdown();
      api.trace.disable();
    }
    await collector.pass(1000);
    for (const traceId of traceIds) assert.equal((await collector.store.readParts(traceId)).length, 1);
  });

  it('answers full success with an empty message, plain and gzipped, and takes an empty request', async () => {
    for (const each of [client, zipped])
      for (const bytes of [ONE_SPAN, new Uint8Array()]) {
        const { code, bytes: answer } = await each.call(bytes);
        assert.deepEqual([code, answer.length], [0, 0]);
      }
  });

  it('answers partial success with the reason for each kind of rejected span', async () => {
    const request = tracesOf([
      { traceId: traceIdFor(9), spanId: spanIdFor(0) },
      { traceId: traceIdFor(9), spanId: spanIdFor(1), startMs: 5, endMs: 4 },
      { traceId: '0'.repeat(32), spanId: spanIdFor(2) },
    ]);
    const response = decodeExportResponse((await client.call(encodeTracesData(request))).bytes);
    const errorMessage =
      'rejected 1 spans: the trace id should be 16 bytes and not all zero; 1 spans: the span should not end before it starts';
    assert.deepEqual(response.ok && response.value, { rejectedSpans: 2, errorMessage });
  });

  it('answers INVALID_ARGUMENT with the reason to what cannot be decoded', async () => {
    const before = await malformedCount();
    const { code, message } = await client.call(Uint8Array.of(0x0a, 0x05, 1));
    assert.equal(code, status.INVALID_ARGUMENT);
    assert.match(message, /^malformed protobuf: truncated/);
    assert.equal(await malformedCount(), before + 1);
  });

  it('answers RESOURCE_EXHAUSTED over the limit, before and after decompression, and takes one at the limit', async () => {
    const before = await malformedCount();
    // One unknown field, which the scan skips.
    const padded = (size: number): Buffer => {
      const bytes = Buffer.alloc(size);
      bytes.set([
        0x7a,
        ...[size - 4].flatMap((left) => [(left & 0x7f) | 0x80, ((left >> 7) & 0x7f) | 0x80, left >> 14]),
      ]);
      return bytes;
    };
    for (const each of [client, zipped]) {
      assert.equal((await each.call(padded(BODY_BYTES_MAX))).code, 0);
      const { code, message } = await each.call(padded(BODY_BYTES_MAX + 1));
      assert.equal(code, status.RESOURCE_EXHAUSTED);
      assert.match(message, /larger than/);
    }
    assert.equal((await zipped.call(Buffer.alloc(20_000_000))).code, status.RESOURCE_EXHAUSTED);
    assert.equal(await malformedCount(), before + 3);
  });

  it('refuses a broken gzip body and a call without a message, and counts them', async () => {
    const before = await malformedCount();
    const broken = raw.call({ frame: grpcFrame(Buffer.from('no gzip'), true), isWhole: true, encoding: 'gzip' });
    assert.equal(await grpcStatusOf(broken), status.INTERNAL);
    const empty = raw.call({ frame: new Uint8Array(), isWhole: true });
    assert.equal(await grpcStatusOf(empty), status.UNIMPLEMENTED);
    await until('the count', async () => (await malformedCount()) === before + 2);
  });

  it('answers UNAVAILABLE with RetryInfo while the store has no room, and nothing is lost', async () => {
    let hasRoom = true;
    const store = Object.assign(openMemoryStore({ report: () => {} }), {
      hasRoom: () => hasRoom,
      retryAfterS: () => 17,
    });
    const full = await startTestCollector({ store, receivers: ['otlpGrpc'] });
    const sender = new GrpcClient(full.receiverUrls.otlpGrpc ?? '');
    assert.equal((await sender.call(ONE_SPAN)).code, 0);
    hasRoom = false;
    const { code, message, details } = await sender.call(ONE_SPAN);
    assert.equal(code, status.UNAVAILABLE);
    assert.match(message, /nothing of this request was taken: send it again in 17 s/);
    assert.deepEqual(details, Buffer.from(encodeRpcStatus({ code, message, retryAfterS: 17 })));
    assert.equal((await full.ledger()).received, 1);
    sender.close();
    await full.close();
  });

  it('answers UNIMPLEMENTED to other signals, saying that they are not built yet, and to other methods', async () => {
    for (const [signal, service] of [
      ['logs', 'LogsService'],
      ['metrics', 'MetricsService'],
    ]) {
      const path = `/opentelemetry.proto.collector.${signal}.v1.${service}/Export`;
      const { code, message } = await client.call(ONE_SPAN, path);
      assert.equal(code, status.UNIMPLEMENTED);
      assert.equal(message, `this collector takes traces only: ${signal} are not built yet, switch their exporter off`);
    }
    assert.equal((await client.call(ONE_SPAN, '/nowhere.Service/Do')).code, status.UNIMPLEMENTED);
  });

  it('goes on after any bytes whatever', async () => {
    const allowed: number[] = [status.OK, status.INVALID_ARGUMENT];
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.boolean(), async (bytes, isZipped) => {
        const { code } = await (isZipped ? zipped : client).call(bytes);
        assert.ok(allowed.includes(code), `was ${code}`);
      }),
      { numRuns: 200 },
    );
    assert.equal((await client.call(ONE_SPAN)).code, 0);
  });

  it('answers INTERNAL to a defect, and says in the log which', async () => {
    const logged: unknown[] = [];
    const log = { error: (of: unknown) => void logged.push(of) };
    const defect = new Error('a defect');
    const peers = peersOf(() => Promise.reject(defect));
    const config = { otlpGrpc: { host: '127.0.0.1', port: 0, bodyBytesMax: 1000 } };
    const receivers = await createReceivers(config, { logLevel: 'silent', log }, peers);
    const sender = new GrpcClient((await receivers.listen()).otlpGrpc ?? '');
    // More than the memory that there is: what each took must have been given back.
    for (let call = 0; call < 4000 / ONE_SPAN.length + 1; call++)
      assert.equal((await sender.call(ONE_SPAN)).code, status.INTERNAL);
    assert.deepEqual(logged[0], { err: defect });
    sender.close();
    await receivers.close();
  });

  it('says who holds a busy port', async () => {
    const config = { otlpGrpc: { host: '127.0.0.1', port: Number(new URL(url).port), bodyBytesMax: 1 } };
    const peers = peersOf(() => assert.fail('nothing is sent'));
    const second = await createReceivers(config, { logLevel: 'silent', log: { error: () => {} } }, peers);
    await assert.rejects(
      second.listen(),
      /^NotHeldError: port \d+ \(collector, OTLP over gRPC\) is held by .*COLLECTOR_GRPC_PORT/,
    );
  });

  it('ends although somebody is in the middle of sending', async () => {
    const ending = await startTestCollector({ receivers: ['otlpGrpc'] });
    const half = grpcFrame(gzipSync(ONE_SPAN)).subarray(0, 20);
    const sender = new RawConnection(ending.receiverUrls.otlpGrpc ?? '');
    const call = sender.call({ frame: half, isWhole: false });
    assert.equal(await grpcStatusOf(sender.call({ frame: grpcFrame(ONE_SPAN), isWhole: true })), status.OK);
    await ending.close();
    assert.equal(await call.ended, undefined);
    sender.close();
  });
});
