import type { ClientHttp2Session, ClientHttp2Stream } from 'node:http2';
import { LIMITS, decodeExportResponse } from '@tracelab/protocol';
import { judgeGrpcStatus } from './grpc-status.ts';
import type { GrpcTrailers } from './grpc-status.ts';
import { ANSWER_TOO_LARGE, judgeSuccess } from './otlp-answer.ts';
import { gunzip, gzip } from './request-body.ts';
import type { Compression } from './request-body.ts';
import type { TlsFiles } from './tls-files.ts';
import { NO_ANSWER, describeFailure, unreachable } from './transport.ts';
import type { SendOutcome, Transport } from './transport.ts';

export interface OtlpGrpcOptions {
  /** http: without TLS, https: with. Its path does not count. */
  url: URL;
  /** Sent as metadata. */
  headers: Readonly<Record<string, string>>;
  compression: Compression;
  userAgent: string;
  tls: TlsFiles;
}

const EXPORT_PATH = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
/** A gRPC message on the wire: one byte that says whether it is compressed, its length in four bytes, then itself. */
const FRAME_BYTES = 5;

/**
 * OTLP/gRPC over HTTP/2 by hand: one unary call is a POST whose status comes in the trailers, which needs no library. One
 * connection, made with the first batch and made anew when it is lost.
 */
export function createOtlpGrpcTransport(options: OtlpGrpcOptions): Transport {
  let session: ClientHttp2Session | undefined;
  const connect = async (): Promise<ClientHttp2Session> => {
    if (session !== undefined && !session.closed && !session.destroyed) return session;
    const http2 = await import('node:http2');
    const made = http2.connect(options.url, options.tls);
    // A failed connection is told to the call that waits for it; without a listener it would end the process.
    made.on('error', () => {});
    // After a GOAWAY the next call gets a new connection.
    made.on('goaway', () => made.close());
    // A process that is done is not held by its exporter: who waits for a flush holds it.
    made.unref();
    session = made;
    return made;
  };
  return {
    destination: `${options.url.origin} (gRPC)`,
    send: async (request, timeoutMs) => {
      const message = frame(options.compression === 'gzip' ? await gzip(request) : request, options.compression);
      try {
        const stream = (await connect()).request(requestHeaders(options, timeoutMs));
        return await call(stream, message, timeoutMs);
      } catch (cause) {
        // Metadata that HTTP cannot carry, a certificate that is none: it will not be better next time.
        return { kind: 'refused', reason: describeFailure(cause) };
      }
    },
    close: () => session?.destroy(),
  };
}

function requestHeaders(options: OtlpGrpcOptions, timeoutMs: number): Record<string, string> {
  return {
    'user-agent': options.userAgent,
    ...options.headers,
    ':method': 'POST',
    ':path': EXPORT_PATH,
    'content-type': 'application/grpc+proto',
    te: 'trailers',
    // At most eight digits (gRPC over HTTP/2), which are more than a day.
    'grpc-timeout': `${Math.min(timeoutMs, 99_999_999)}m`,
    'grpc-accept-encoding': 'identity,gzip',
    ...(options.compression === 'gzip' && { 'grpc-encoding': 'gzip' }),
  };
}

type GrpcHeaders = GrpcTrailers & { ':status'?: number | undefined };

function frame(message: Uint8Array, compression: Compression): Uint8Array {
  const framed = new Uint8Array(FRAME_BYTES + message.length);
  framed[0] = compression === 'gzip' ? 1 : 0;
  new DataView(framed.buffer).setUint32(1, message.length);
  framed.set(message, FRAME_BYTES);
  return framed;
}

function call(stream: ClientHttp2Stream, message: Uint8Array, timeoutMs: number): Promise<SendOutcome> {
  return new Promise((resolve) => {
    const settle = (outcome: SendOutcome): void => {
      clearTimeout(timer);
      resolve(outcome);
      stream.close();
    };
    const timer = setTimeout(() => settle(unreachable(NO_ANSWER)), timeoutMs).unref();
    const chunks: Buffer[] = [];
    let byteCount = 0;
    let headers: GrpcHeaders = {};
    let trailers: GrpcTrailers | undefined;
    let isComplete = false;
    stream.on('response', (received) => (headers = received));
    stream.on('trailers', (received) => (trailers = received));
    stream.on('data', (chunk: Buffer) => {
      byteCount += chunk.length;
      if (byteCount > LIMITS.otlpResponseBytesMax + FRAME_BYTES) settle(ANSWER_TOO_LARGE);
      else chunks.push(chunk);
    });
    stream.on('error', (error) => settle(unreachable(describeFailure(error))));
    stream.on('end', () => {
      isComplete = true;
      void judgeCall(headers, trailers ?? headers, Buffer.concat(chunks)).then(settle);
    });
    stream.on('close', () => {
      if (!isComplete) settle(unreachable('the call was cut'));
    });
    stream.end(message);
  });
}

async function judgeCall(headers: GrpcHeaders, trailers: GrpcTrailers, body: Uint8Array): Promise<SendOutcome> {
  const failed = judgeGrpcStatus(trailers, headers[':status']);
  if (failed !== undefined) return failed;
  const isCompressed = body[0] === 1;
  const message = body.subarray(FRAME_BYTES);
  const plain = isCompressed ? await gunzip(message, LIMITS.otlpResponseBytesMax) : message;
  if (plain === 'too large') return ANSWER_TOO_LARGE;
  const response = decodeExportResponse(plain ?? new Uint8Array());
  return judgeSuccess(response.ok ? response.value : undefined);
}
