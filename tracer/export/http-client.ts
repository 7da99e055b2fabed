import type { Agent, ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import { LIMITS } from '@tracelab/protocol';
import { ANSWER_TOO_LARGE } from './otlp-answer.ts';
import type { HttpAnswer } from './otlp-answer.ts';
import type { TlsFiles } from './tls-files.ts';
import { NO_ANSWER, describeFailure, unreachable } from './transport.ts';
import type { SendOutcome } from './transport.ts';

/** How a request ended: with an answer, or without one and what that means. */
export type Exchanged = HttpAnswer | SendOutcome;

/** What is the same for every request. */
export interface HttpTarget {
  url: URL;
  /** An object: a list, though cheaper, is mangled by other people's instrumentation of node:http. */
  headers: Readonly<Record<string, string>>;
  tls: TlsFiles;
}

interface Opened {
  agent: Agent;
  open: () => ClientRequest;
}

const CUT = 'the connection broke within the answer';
const NOTHING = (): void => {};
const CLOSED = 'the exporter is closed';

/** Posts to one address on one kept connection of node:http or node:https, loaded with the first request. One at a time. */
export class HttpClient {
  readonly #target: HttpTarget;
  #opened: Opened | undefined;
  #isClosed = false;
  /** Ends the request under way. */
  #cut: (outcome: SendOutcome) => void = NOTHING;

  constructor(target: HttpTarget) {
    this.#target = target;
  }

  /** Never rejects, and settles within the timeout. */
  async post(body: Uint8Array, timeoutMs: number): Promise<Exchanged> {
    let timer: NodeJS.Timeout | undefined;
    try {
      const { open } = (this.#opened ??= await openTarget(this.#target));
      timer = setTimeout(() => this.#cut(unreachable(NO_ANSWER)), timeoutMs).unref();
      // The collector closed the kept connection while the request was on its way: nothing is wrong with either of them.
      return (await this.#exchange(open, body)) ?? (await this.#exchange(open, body)) ?? unreachable(CUT);
    } catch (cause) {
      // A header that HTTP cannot carry, a certificate that is none: it will not be better next time.
      return { kind: 'refused', reason: describeFailure(cause) };
    } finally {
      clearTimeout(timer);
      this.#cut = NOTHING;
    }
  }

  /** Cuts what is under way, for good. */
  close(): void {
    this.#isClosed = true;
    this.#cut(unreachable(CLOSED));
    this.#opened?.agent.destroy();
  }

  /** Undefined: a kept connection was lost before the first byte of an answer. */
  #exchange(open: () => ClientRequest, body: Uint8Array): Promise<Exchanged | undefined> {
    return new Promise((resolve) => {
      // What is counted as lost must not arrive after all.
      if (this.#isClosed) return resolve(unreachable(CLOSED));
      const request = open();
      let isSettled = false;
      const settle = (exchanged: Exchanged | undefined): void => {
        if (isSettled) return;
        isSettled = true;
        const isAnswer = exchanged !== undefined && 'status' in exchanged;
        // A connection on which something is still to be said would hold up, or spoil, the next request.
        if (!isAnswer || !request.writableFinished) request.destroy();
        resolve(exchanged);
      };
      this.#cut = settle;
      listen(request, settle);
      request.end(body);
    });
  }
}

async function openTarget({ url, headers, tls }: HttpTarget): Promise<Opened> {
  const http = url.protocol === 'https:' ? await import('node:https') : await import('node:http');
  const { urlToHttpOptions } = await import('node:url');
  const { protocol, hostname, port, path, auth } = urlToHttpOptions(url);
  const agent = new http.Agent({ ...tls, keepAlive: true, maxSockets: 1 });
  const options = { method: 'POST', protocol, hostname, port, path, auth, headers, agent } as RequestOptions;
  return { agent, open: () => http.request(options) };
}

function listen(request: ClientRequest, settle: (exchanged: Exchanged | undefined) => void): void {
  let bytesReadBefore = 0;
  let hasResponse = false;
  request.on('socket', (socket) => {
    bytesReadBefore = socket.bytesRead;
    // A process that is done is not held by its exporter: who waits for a flush holds it.
    socket.unref();
  });
  request.on('response', (response) => {
    hasResponse = true;
    readAnswer(response, settle);
  });
  request.on('error', (error: Error & { code?: string }) => {
    const isClosed = request.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
    const isStale = isClosed && request.socket?.bytesRead === bytesReadBefore;
    settle(isStale ? undefined : unreachable(describeFailure(error)));
  });
  // Where Node has no other word, as for an upgrade that nobody asked for.
  request.on('close', () => {
    if (!hasResponse) settle(unreachable(CUT));
  });
}

function readAnswer(response: IncomingMessage, settle: (exchanged: Exchanged) => void): void {
  const chunks: Buffer[] = [];
  let byteCount = 0;
  response.on('data', (chunk: Buffer) => {
    byteCount += chunk.length;
    if (byteCount > LIMITS.otlpResponseBytesMax) settle(ANSWER_TOO_LARGE);
    else chunks.push(chunk);
  });
  response.on('end', () => {
    const { statusCode: status = 0, statusMessage: statusText = '', headers } = response;
    settle({ status, statusText, headers, body: Buffer.concat(chunks) });
  });
  response.on('error', () => settle(unreachable(CUT)));
  response.on('close', () => settle(unreachable(CUT)));
}
