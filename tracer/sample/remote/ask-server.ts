import type { IncomingMessage, RequestOptions } from 'node:http';
import { accept, refuse } from '@tracelab/protocol';
import type { Result } from '@tracelab/protocol';

/** A strategy for 2000 operations with long names is well below. */
const ANSWER_BYTES_MAX = 1024 * 1024;

/**
 * The body of a GET that was answered 200; never rejects. Redirects are not followed. The connection does not keep the
 * process alive. Aborting the signal cuts it.
 */
export async function askServer(url: URL, signal: AbortSignal): Promise<Result<string>> {
  const http = url.protocol === 'https:' ? await import('node:https') : await import('node:http');
  const options: RequestOptions = { signal, agent: false, headers: { accept: 'application/json' } };
  return new Promise((resolve) => {
    const fail = (error: Error): void => resolve(refuse(reasonOf(error, signal)));
    try {
      const request = http.get(url, options, (response) => readBody(response, resolve, fail));
      request.on('error', fail);
      request.on('socket', (socket) => socket.unref());
    } catch (cause) {
      fail(cause instanceof Error ? cause : new Error(String(cause)));
    }
  });
}

function readBody(
  response: IncomingMessage,
  resolve: (answer: Result<string>) => void,
  fail: (error: Error) => void,
): void {
  if (response.statusCode !== 200) {
    resolve(refuse(`the answer was ${response.statusCode} ${response.statusMessage ?? ''}`.trimEnd()));
    response.destroy();
    return;
  }
  const chunks: Buffer[] = [];
  let byteCount = 0;
  response.on('data', (chunk: Buffer) => {
    byteCount += chunk.length;
    chunks.push(chunk);
    if (byteCount <= ANSWER_BYTES_MAX) return;
    resolve(refuse(`the answer was over ${ANSWER_BYTES_MAX} bytes`));
    response.destroy();
  });
  response.on('end', () => resolve(accept(Buffer.concat(chunks).toString('utf8'))));
  response.on('error', fail);
  response.on('close', () => fail(new Error('the connection broke within the answer')));
}

function reasonOf(error: Error, signal: AbortSignal): string {
  return signal.aborted ? 'no answer within the timeout' : error.message || error.name;
}
