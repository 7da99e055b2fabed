/** The hand-written gRPC call against the gRPC library that others use, and against HTTP/2 servers that break the rules. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http2';
import type { Http2Server, ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { ServerCredentials, compressionAlgorithms, status } from '@grpc/grpc-js';
import type { Metadata } from '@grpc/grpc-js';
import { LIMITS, ProtobufWriter, encodeExportResponse } from '@tracelab/protocol';
import { pem } from '../test-kit/certificates.ts';
import { GrpcCollector, grpcError } from '../test-kit/grpc-collector.ts';
import { createOtlpGrpcTransport } from './otlp-grpc-transport.ts';
import type { OtlpGrpcOptions } from './otlp-grpc-transport.ts';
import type { Transport } from './transport.ts';

const BODY = new TextEncoder().encode('spans');
const DELIVERED = { kind: 'delivered', rejectedSpans: 0, message: '' };
const transports: Transport[] = [];

function transportTo(url: string, options: Partial<OtlpGrpcOptions> = {}): Transport {
  const plain = { url: new URL(url), headers: {}, compression: 'none', userAgent: 'test/1', tls: {} } as const;
  const made = createOtlpGrpcTransport({ ...plain, ...options });
  transports.push(made);
  return made;
}
afterEach(() => {
  for (const made of transports.splice(0)) made.close();
});

/** google.rpc.Status with a RetryInfo of so much time. */
function retryInfo(seconds: number, nanos: number): Uint8Array {
  const any = new ProtobufWriter();
  any.string(1, 'type.googleapis.com/google.rpc.RetryInfo');
  any.message(2, () =>
    any.message(1, () => {
      any.varint(1, seconds);
      any.varint(2, nanos);
    }),
  );
  const details = new ProtobufWriter();
  details.varint(1, 8);
  details.message(3, () => {
    details.string(1, 'type.googleapis.com/google.rpc.BadRequest');
    details.bytes(2, new Uint8Array([1, 2, 3]));
  });
  details.message(3, () => details.raw(any.finish()));
  return details.finish();
}

describe('the OTLP/gRPC transport', () => {
  let collector: GrpcCollector;
  const transport = (options: Partial<OtlpGrpcOptions> = {}): Transport =>
    transportTo(`http://127.0.0.1:${collector.port}/ignored`, options);
  before(async () => (collector = await GrpcCollector.open()));
  after(() => collector.close());

  it('calls Export with the bytes and the metadata, on one kept connection', async () => {
    const seen: Metadata[] = [];
    const deadlines: number[] = [];
    collector.script = (call, answer) => {
      seen.push(call.metadata);
      deadlines.push(Number(call.getDeadline()));
      answer(null, new Uint8Array());
    };
    collector.peers.clear();
    const kept = transport({ headers: { 'x-tenant': 'shop' } });
    for (let turn = 0; turn < 3; turn++) assert.deepEqual(await kept.send(BODY, 5000), DELIVERED);
    assert.equal(collector.peers.size, 1);
    assert.deepEqual(collector.requests.at(-1), Buffer.from(BODY));
    assert(deadlines[0] !== undefined && deadlines[0] < Date.now() + 6000, 'the server knows our time limit');
    assert.deepEqual(seen[0]?.get('x-tenant'), ['shop']);
    assert.deepEqual(seen[0].get('user-agent'), ['test/1']);
    assert.deepEqual(seen[0].get('traceparent'), []);
  });

  it('compresses a message where asked', async () => {
    collector.script = (_call, answer) => answer(null, new Uint8Array());
    const large = new Uint8Array(100_000).fill(7);
    assert.deepEqual(await transport({ compression: 'gzip' }).send(large, 5000), DELIVERED);
    assert.deepEqual(collector.requests.at(-1), Buffer.from(large));
  });

  it('reads a partial success', async () => {
    collector.script = (_call, answer) => answer(null, encodeExportResponse({ rejectedSpans: 2, errorMessage: 'why' }));
    assert.deepEqual(await transport().send(BODY, 5000), { kind: 'delivered', rejectedSpans: 2, message: 'why' });
  });

  it('takes nonsense in a success as delivered', async () => {
    collector.script = (_call, answer) => answer(null, Buffer.from('<html>'));
    assert.deepEqual(await transport().send(BODY, 5000), DELIVERED);
  });

  it('may try again after the codes that OTLP names, only', async () => {
    const retryable = [
      status.CANCELLED,
      status.DEADLINE_EXCEEDED,
      status.ABORTED,
      status.OUT_OF_RANGE,
      status.UNAVAILABLE,
      status.DATA_LOSS,
    ];
    for (let code = 1; code <= 16; code++) {
      collector.script = (_call, answer) => answer(grpcError(code, 'größer'));
      const outcome = await transport().send(BODY, 5000);
      assert.equal(outcome.kind, retryable.includes(code) ? 'retryable' : 'refused', status[code]);
      assert.equal('reason' in outcome && outcome.reason, `the answer was ${status[code]}: größer`);
    }
  });

  it('may try again after RESOURCE_EXHAUSTED where the server says when', async () => {
    collector.script = (_call, answer) => answer(grpcError(status.RESOURCE_EXHAUSTED, '', retryInfo(3, 500_000_000)));
    const outcome = await transport().send(BODY, 5000);
    assert.equal(outcome.kind === 'retryable' && outcome.retryAfterMs, 3500);
    collector.script = (_call, answer) => answer(grpcError(status.UNAVAILABLE, '', retryInfo(0, 1_000_000)));
    const unavailable = await transport().send(BODY, 5000);
    assert.equal(unavailable.kind === 'retryable' && unavailable.retryAfterMs, 1);
    for (const nonsense of [new Uint8Array([0xff, 1]), retryInfo(1, 0).subarray(0, 60)]) {
      collector.script = (_call, answer) => answer(grpcError(status.RESOURCE_EXHAUSTED, '', nonsense));
      assert.equal((await transport().send(BODY, 5000)).kind, 'refused');
    }
  });

  it('gives up waiting at the timeout', async () => {
    collector.script = () => {};
    const outcome = await transport().send(BODY, 50);
    assert(outcome.kind === 'retryable' && outcome.isUnreachable);
    assert.match(outcome.reason, /no answer within the timeout|DEADLINE_EXCEEDED/);
  });

  it('stops reading an answer over the limit, for good, inflated ones as well', async () => {
    for (const algorithm of [compressionAlgorithms.identity, compressionAlgorithms.gzip]) {
      collector.script = (call, answer) => {
        call.metadata.set('grpc-internal-encoding-request', compressionAlgorithms[algorithm]);
        answer(null, new Uint8Array(5 * 1024 * 1024));
      };
      const outcome = await transport().send(BODY, 5000);
      assert(outcome.kind === 'refused' && outcome.reason === 'the answer was over 4194304 bytes');
    }
  });

  it('makes a new connection where the collector was restarted', async () => {
    const first = await GrpcCollector.open();
    const kept = transportTo(`http://127.0.0.1:${first.port}`);
    assert.deepEqual(await kept.send(BODY, 5000), DELIVERED);
    first.close();
    const gone = await kept.send(BODY, 5000);
    assert(gone.kind === 'retryable' && gone.isUnreachable);
    const back = await GrpcCollector.open(undefined, first.port);
    assert.deepEqual(await kept.send(BODY, 5000), DELIVERED);
    back.close();
  });

  it('says that nobody listens', async () => {
    const outcome = await transportTo('http://127.0.0.1:1').send(BODY, 5000);
    assert(outcome.kind === 'retryable' && outcome.isUnreachable);
    assert.match(outcome.reason, /ECONNREFUSED/);
  });

  it('refuses metadata that HTTP cannot carry instead of throwing', async () => {
    assert.equal((await transport({ headers: { 'x-bad': 'a\nb' } }).send(BODY, 5000)).kind, 'refused');
  });

  it('speaks TLS to an https address, with certificates of its own', async () => {
    const pair = { private_key: pem('server-key'), cert_chain: pem('server') };
    const secure = await GrpcCollector.open(ServerCredentials.createSsl(pem('authority'), [pair], true));
    const url = `https://127.0.0.1:${secure.port}`;
    assert.equal((await transportTo(url).send(BODY, 5000)).kind, 'retryable');
    const tls = { ca: pem('authority'), key: pem('client-key'), cert: pem('client') };
    assert.deepEqual(await transportTo(url, { tls }).send(BODY, 5000), DELIVERED);
    secure.close();
  });
});

describe('an HTTP/2 server that is no gRPC server', () => {
  let server: Http2Server;
  let script: (stream: ServerHttp2Stream) => void;
  before(async () => {
    server = createServer();
    server.on('session', (session) => session.on('error', () => {}));
    server.on('stream', (stream) => {
      stream.on('error', () => {});
      script(stream);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  after(() => server.close());
  const send = () => transportTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}`).send(BODY, 5000);
  const GRPC = { ':status': 200, 'content-type': 'application/grpc' };

  it("is judged by gRPC's mapping of HTTP's statuses", async () => {
    for (const httpStatus of [302, 400, 401, 403, 404, 418, 429, 500, 502, 503, 504]) {
      script = (stream) => {
        stream.respond({ ':status': httpStatus });
        stream.end('<html>');
      };
      const { kind } = await send();
      assert.equal(kind, [429, 502, 503, 504].includes(httpStatus) ? 'retryable' : 'refused', String(httpStatus));
    }
  });

  it('may be asked again where it ends without a status or cuts the call', async () => {
    const scripts: ((stream: ServerHttp2Stream) => void)[] = [
      (stream) => stream.respond(GRPC, { endStream: true }),
      (stream) => {
        stream.respond(GRPC);
        stream.end('\0\0\0\0\0');
      },
      (stream) => stream.close(),
      (stream) => stream.close(8),
      (stream) => stream.session?.destroy(),
      (stream) => {
        stream.respond(GRPC);
        stream.write('\0\0', () => stream.session?.destroy());
      },
    ];
    for (const each of scripts) {
      script = each;
      const outcome = await send();
      assert.equal(outcome.kind, 'retryable', `script ${scripts.indexOf(each)}`);
    }
  });

  it('is believed in a status without a body, and its broken message is shown', async () => {
    script = (stream) => stream.respond({ ...GRPC, 'grpc-status': '3', 'grpc-message': '50%' }, { endStream: true });
    assert.deepEqual(await send(), { kind: 'refused', reason: 'the answer was INVALID_ARGUMENT: 50%' });
    script = (stream) => stream.respond({ ...GRPC, 'grpc-status': '99' }, { endStream: true });
    assert.deepEqual(await send(), { kind: 'refused', reason: 'the answer was UNKNOWN' });
  });

  it('cannot fill our memory with a small compressed answer', async () => {
    const zipped = gzipSync(new Uint8Array(LIMITS.otlpResponseBytesMax + 1));
    const head = Buffer.alloc(5);
    head[0] = 1;
    head.writeUInt32BE(zipped.length, 1);
    script = (stream) => {
      stream.respond({ ...GRPC, 'grpc-encoding': 'gzip' }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
      stream.end(Buffer.concat([head, zipped]));
    };
    assert.deepEqual(await send(), { kind: 'refused', reason: 'the answer was over 4194304 bytes' });
  });
});
