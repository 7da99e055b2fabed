import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';

export interface HttpCall {
  method: 'GET' | 'PUT' | 'DELETE';
  url: string;
  body?: unknown;
  /** Sent as a bearer where it is not empty. */
  token?: string;
  timeoutMs: number;
}

/** An answer of whatever status, its body read as JSON (undefined where it is none), or why there was none. */
export type HttpAnswer = { reached: true; status: number; body: unknown } | { reached: false; reason: string };

/** A control answer is small; whatever sends more than this is not one of ours. */
const ANSWER_BYTES_MAX = 32 * 1024 * 1024;

/**
 * One call to a process of ours. node:http, since the first `fetch` of a process costs it 15 to 25 MB and 50 ms. Never
 * rejects. A kept connection that turns out to be closed, as after a restart, is no answer: the call is made again, which
 * is safe since every method here is idempotent.
 */
export async function callHttp(call: HttpCall): Promise<HttpAnswer> {
  const signal = AbortSignal.timeout(call.timeoutMs);
  for (;;) {
    try {
      return await exchange(call, signal);
    } catch (error) {
      if (!(error instanceof StaleConnectionError)) return { reached: false, reason: reasonOf(error as Error) };
    }
  }
}

class StaleConnectionError extends Error {
  override name = 'StaleConnectionError';
}

function exchange(call: HttpCall, signal: AbortSignal): Promise<HttpAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer>();
  const payload = call.body === undefined ? undefined : JSON.stringify(call.body);
  const outgoing = request(call.url, { method: call.method, headers: headersOf(call, payload), signal }, (response) => {
    readAnswer(response).then(resolve, reject);
  });
  outgoing.once('error', (error: NodeJS.ErrnoException) => {
    const isStale = outgoing.reusedSocket && error.code === 'ECONNRESET';
    reject(isStale ? new StaleConnectionError('closed by the other side', { cause: error }) : error);
  });
  outgoing.end(payload);
  return promise;
}

function headersOf(call: HttpCall, payload: string | undefined): Record<string, string> {
  const body =
    payload === undefined
      ? {}
      : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(payload)) };
  const access = call.token === undefined || call.token === '' ? {} : { authorization: `Bearer ${call.token}` };
  return { ...body, ...access };
}

async function readAnswer(response: IncomingMessage): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES_MAX) throw new Error(`the answer is longer than ${ANSWER_BYTES_MAX} bytes`);
    chunks.push(chunk);
  }
  return { reached: true, status: response.statusCode ?? 0, body: parseJson(Buffer.concat(chunks).toString('utf8')) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function reasonOf(error: Error & { code?: string }): string {
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return 'it did not answer in time';
  return error.code === 'ECONNREFUSED' ? 'nothing listens there' : error.message;
}
