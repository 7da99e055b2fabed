import { NotHeldError } from '@tracelab/command';
import { request, type Dispatcher } from 'undici';

/** A control request on loopback answers at once or not at all. */
const LIMIT_MS = 5000;

/** Asks a process of ours and returns its JSON, unchecked; throws a NotHeldError that names the address and what came instead. */
export async function requestJson(
  method: Dispatcher.HttpMethod,
  url: string,
  body?: unknown,
  limitMs: number = LIMIT_MS,
): Promise<unknown> {
  try {
    const reply = await request(url, {
      method,
      headersTimeout: limitMs,
      bodyTimeout: limitMs,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await reply.body.text();
    if (reply.statusCode >= 200 && reply.statusCode < 300) return JSON.parse(text) as unknown;
    throw new NotHeldError(`${method} ${url} answered ${reply.statusCode}: ${text.slice(0, 300)}`);
  } catch (error) {
    if (error instanceof NotHeldError) throw error;
    throw new NotHeldError(`${method} ${url} failed: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}
