import type { Agent, ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import { LIMITS } from '@tracelab/protocol';
import { ANSWER_TOO_LARGE, judgeAnswer } from './otlp-answer.ts';
import { gunzip, gzip, jsonFromProtobuf } from './request-body.ts';
import type { Compression, Encoding } from './request-body.ts';
import type { TlsFiles } from './tls-files.ts';
import { NO_ANSWER, describeFailure, unreachable } from './transport.ts';
import type { SendOutcome, Transport } from './transport.ts';

export interface OtlpHttpOptions {
  /** Used as it is. */
  url: URL;
  headers: Readonly<Record<string, string>>;
  compression: Compression;
  encoding: Encoding;
  userAgent: string;
  tls: TlsFiles;
}

/** What stays the same from request to request. */
interface Client {
  open: (bodyBytes: number) => ClientRequest;
  agent: Agent;
}

/** OTLP/HTTP over one kept-alive connection. Node's modules are loaded with the first batch, not at start. */
export function createOtlpHttpTransport(options: OtlpHttpOptions): Transport {
  let loading: Promise<Client> | undefined;
  let client: Client | undefined;
  return {
    destination: `${options.url.origin}${options.url.pathname}`,
    send: async (request, timeoutMs) => {
      client ??= await (loading ??= createClient(options));
      const { open } = client;
      const plain = options.encoding === 'json' ? jsonFromProtobuf(request) : request;
      const body = options.compression === 'gzip' ? await gzip(plain) : plain;
      const outcome = await exchange(() => open(body.length), body, timeoutMs);
      // The collector closed the kept connection while the request was on its way: nothing is wrong with either of them.
      return outcome === 'stale' ? notStale(await exchange(() => open(body.length), body, timeoutMs)) : outcome;
    },
    close: () => client?.agent.destroy(),
  };
}

/** A second kept connection cannot be: there is one at most. */
function notStale(outcome: SendOutcome | 'stale'): SendOutcome {
  return outcome === 'stale' ? unreachable('the connection was closed') : outcome;
}

async function createClient(options: OtlpHttpOptions): Promise<Client> {
  const { url, tls } = options;
  const http = url.protocol === 'https:' ? await import('node:https') : await import('node:http');
  const { urlToHttpOptions } = await import('node:url');
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1, ...tls });
  const fixed: RequestOptions = { ...urlToHttpOptions(url), method: 'POST', agent };
  const headers = Object.entries(requestHeaders(options)).flat();
  // A flat list is sent as it is: half the cost of an object.
  const open = (bodyBytes: number): ClientRequest =>
    http.request({ ...fixed, headers: [...headers, 'content-length', String(bodyBytes)] });
  return { agent, open };
}

/** Lower case, so that what the user asks for can replace our user-agent but not what describes the body. */
function requestHeaders(options: OtlpHttpOptions): Record<string, string> {
  const asked = Object.entries(options.headers).map(([name, value]) => [name.toLowerCase(), value]);
  const { 'content-length': _, ...headers }: Record<string, string> = {
    host: options.url.host,
    'user-agent': options.userAgent,
    ...credentialsOf(options.url),
    ...Object.fromEntries(asked),
    'content-type': options.encoding === 'json' ? 'application/json' : 'application/x-protobuf',
    ...(options.compression === 'gzip' && { 'content-encoding': 'gzip' }),
  };
  return headers;
}

function credentialsOf({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

/** 'stale': a kept connection broke before any answer. */
function exchange(open: () => ClientRequest, body: Uint8Array, timeoutMs: number): Promise<SendOutcome | 'stale'> {
  return new Promise((resolve) => {
    let request: ClientRequest;
    try {
      request = open();
    } catch (cause) {
      // A header that HTTP cannot carry, a certificate that is none: it will not be better next time.
      resolve({ kind: 'refused', reason: describeFailure(cause) });
      return;
    }
    const timer = setTimeout(() => {
      settle(unreachable(NO_ANSWER));
      request.destroy();
    }, timeoutMs).unref();
    const settle = (outcome: SendOutcome | 'stale'): void => {
      clearTimeout(timer);
      resolve(outcome);
    };
    // A process that is done is not held by its exporter: who waits for a flush holds it.
    request.on('socket', (socket) => socket.unref());
    request.on('error', (error) => settle(isStale(request, error) ? 'stale' : unreachable(describeFailure(error))));
    request.on('response', (response) => void readAnswer(response).then(settle));
    request.end(body);
  });
}

function isStale(request: ClientRequest, error: Error & { code?: string }): boolean {
  return request.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
}

async function readAnswer(response: IncomingMessage): Promise<SendOutcome> {
  const body = await readBody(response);
  if (!(body instanceof Uint8Array)) return body;
  const isGzip = response.headers['content-encoding']?.toLowerCase() === 'gzip';
  const plain = isGzip ? await gunzip(body, LIMITS.otlpResponseBytesMax) : body;
  if (plain === 'too large') return ANSWER_TOO_LARGE;
  return judgeAnswer({
    status: response.statusCode ?? 0,
    statusText: response.statusMessage ?? '',
    headers: response.headers,
    body: plain ?? new Uint8Array(),
  });
}

function readBody(response: IncomingMessage): Promise<Uint8Array | SendOutcome> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let byteCount = 0;
    response.on('data', (chunk: Buffer) => {
      byteCount += chunk.length;
      chunks.push(chunk);
      if (byteCount <= LIMITS.otlpResponseBytesMax) return;
      resolve(ANSWER_TOO_LARGE);
      response.destroy();
    });
    response.on('error', (error) => resolve(unreachable(describeFailure(error))));
    response.on('close', () => resolve(unreachable('the connection broke within the answer')));
    response.on('end', () => resolve(Buffer.concat(chunks)));
  });
}
