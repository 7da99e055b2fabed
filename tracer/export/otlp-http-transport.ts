import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import { LIMITS, decodeExportResponse } from '@tracelab/protocol';
import { parseRetryAfter } from './retry-delay.ts';
import type { SendOutcome, Transport } from './transport.ts';

export interface OtlpHttpOptions {
  /** Used as it is. */
  url: URL;
  headers: Readonly<Record<string, string>>;
  compression: 'none' | 'gzip';
  userAgent: string;
}

/** OTLP 1.x: these and a broken connection may be tried again, nothing else. */
const RETRYABLE_STATUSES: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** OTLP/HTTP protobuf over one kept-alive connection. Node's modules are loaded with the first batch, not at start. */
export function createOtlpHttpTransport(options: OtlpHttpOptions): Transport {
  const isTls = options.url.protocol === 'https:';
  let agent: import('node:http').Agent | undefined;
  const open = (headers: RequestOptions['headers'], timeoutMs: number): ClientRequest => {
    const http = isTls ? process.getBuiltinModule('node:https') : process.getBuiltinModule('node:http');
    agent ??= new http.Agent({ keepAlive: true, maxSockets: 1 });
    const signal = AbortSignal.timeout(timeoutMs);
    return http.request(options.url, { method: 'POST', agent, signal, ...(headers && { headers }) });
  };
  return {
    destination: `${options.url.origin}${options.url.pathname}`,
    send: async (bytes, timeoutMs) => {
      const body = options.compression === 'gzip' ? await gzip(bytes) : bytes;
      return exchange(() => open(requestHeaders(options, body.length), timeoutMs), body);
    },
    close: () => agent?.destroy(),
  };
}

function requestHeaders(options: OtlpHttpOptions, bodyBytes: number): Record<string, string | number> {
  return {
    ...options.headers,
    'content-type': 'application/x-protobuf',
    'content-length': bodyBytes,
    'user-agent': options.userAgent,
    ...(options.compression === 'gzip' && { 'content-encoding': 'gzip' }),
  };
}

function gzip(bytes: Uint8Array): Promise<Uint8Array> {
  const zlib = process.getBuiltinModule('node:zlib');
  return new Promise((resolve, reject) => {
    zlib.gzip(bytes, (error, zipped) => (error === null ? resolve(zipped) : reject(error)));
  });
}

function exchange(open: () => ClientRequest, body: Uint8Array): Promise<SendOutcome> {
  return new Promise((resolve) => {
    try {
      const request = open();
      request.on('error', (error) => resolve(unreachable(error)));
      request.on('response', (response) => readAnswer(response, resolve));
      request.end(body);
    } catch (cause) {
      // A header that HTTP cannot carry: it will not be better next time.
      resolve({ kind: 'refused', reason: cause instanceof Error ? cause.message : String(cause) });
    }
  });
}

function unreachable(error: Error): SendOutcome {
  const isTimeout = error.name === 'AbortError' || error.name === 'TimeoutError';
  const reason = isTimeout ? 'no answer within the timeout' : error.message || error.name;
  return { kind: 'retryable', reason, isUnreachable: true, retryAfterMs: undefined };
}

function readAnswer(response: IncomingMessage, resolve: (outcome: SendOutcome) => void): void {
  const chunks: Buffer[] = [];
  let byteCount = 0;
  response.on('data', (chunk: Buffer) => {
    byteCount += chunk.length;
    if (byteCount > LIMITS.otlpResponseBytesMax) {
      resolve({ kind: 'refused', reason: `the answer was over ${LIMITS.otlpResponseBytesMax} bytes` });
      response.destroy();
    } else chunks.push(chunk);
  });
  response.on('error', (error) => resolve(unreachable(error)));
  response.on('close', () => resolve(unreachable(new Error('the connection broke within the answer'))));
  response.on('end', () => resolve(judgeAnswer(response, Buffer.concat(chunks))));
}

function judgeAnswer(response: IncomingMessage, body: Uint8Array): SendOutcome {
  const status = response.statusCode ?? 0;
  if (status >= 200 && status < 300) return judgeSuccess(response, body);
  const reason = `the answer was ${status} ${response.statusMessage ?? ''}`.trimEnd();
  if (!RETRYABLE_STATUSES.has(status)) return { kind: 'refused', reason };
  const retryAfterMs = parseRetryAfter(response.headers['retry-after'], Date.now());
  return { kind: 'retryable', reason, isUnreachable: false, retryAfterMs };
}

/** A 2xx acknowledges the batch, whatever nonsense the body holds; only a readable partial success says otherwise. */
function judgeSuccess(response: IncomingMessage, body: Uint8Array): SendOutcome {
  const isProtobuf = response.headers['content-type']?.toLowerCase().startsWith('application/x-protobuf') === true;
  const answer = isProtobuf ? decodeExportResponse(body) : undefined;
  if (answer?.ok !== true) return { kind: 'delivered', rejectedSpans: 0, message: '' };
  return { kind: 'delivered', rejectedSpans: answer.value.rejectedSpans, message: answer.value.errorMessage };
}
