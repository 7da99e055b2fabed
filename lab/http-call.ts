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

/** One call to a process of ours. node:http, since the first `fetch` of a process costs it 15 to 25 MB and 50 ms. Never rejects. */
export function callHttp(call: HttpCall): Promise<HttpAnswer> {
  const { promise, resolve } = Promise.withResolvers<HttpAnswer>();
  const payload = call.body === undefined ? undefined : JSON.stringify(call.body);
  const headers: Record<string, string> =
    payload === undefined
      ? {}
      : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(payload)) };
  if (call.token !== undefined && call.token !== '') headers['authorization'] = `Bearer ${call.token}`;
  const fail = (error: Error): void => resolve({ reached: false, reason: reasonOf(error) });
  const signal = AbortSignal.timeout(call.timeoutMs);
  try {
    request(call.url, { method: call.method, headers, signal }, (response) => {
      readAnswer(response).then(resolve, fail);
    })
      .once('error', fail)
      .end(payload);
  } catch (error) {
    fail(error as Error);
  }
  return promise;
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
