import type { Socket } from 'node:net';
import { LIMITS } from '@tracelab/protocol';
import { ANSWER_TOO_LARGE } from './otlp-answer.ts';
import type { HttpAnswer } from './otlp-answer.ts';
import { ResponseParser } from './response-parser.ts';
import type { TlsFiles } from './tls-files.ts';
import { NO_ANSWER, describeFailure, unreachable } from './transport.ts';
import type { SendOutcome } from './transport.ts';

/** A server that says how long it keeps an idle connection is believed, less the time that a request may be on its way. */
const KEEP_ALIVE_MARGIN_MS = 1000;

/** How a request ended: with an answer, or without one and what that means. */
export type Exchanged = HttpAnswer | SendOutcome;

/**
 * One HTTP/1.1 connection that is kept from request to request, for one request at a time. Written for this one purpose
 * since node:http's machinery around a request costs more than the request: see the README.
 */
export class HttpConnection {
  readonly #url: URL;
  readonly #tls: TlsFiles;
  #socket: Socket | undefined;
  #keepUntilMs = Infinity;
  #isClosed = false;

  constructor(url: URL, tls: TlsFiles) {
    this.#url = url;
    this.#tls = tls;
  }

  /** `head` is everything before the body. Never rejects. */
  async exchange(head: string, body: Uint8Array, timeoutMs: number): Promise<Exchanged> {
    const kept = this.#keptSocket();
    if (kept !== undefined) {
      const exchanged = await this.#write(kept, head, body, timeoutMs);
      // The collector closed the kept connection while the request was on its way: nothing is wrong with either of them.
      if (exchanged !== 'unanswered') return exchanged;
    }
    // What is counted as lost must not arrive after all.
    if (this.#isClosed) return unreachable('the exporter is closed');
    try {
      const exchanged = await this.#write(await this.#connect(), head, body, timeoutMs);
      return exchanged === 'unanswered' ? unreachable('the connection was closed without an answer') : exchanged;
    } catch (cause) {
      // A certificate that is none: it will not be better next time.
      return { kind: 'refused', reason: describeFailure(cause) };
    }
  }

  /** Cuts what is under way, for good. */
  close(): void {
    this.#isClosed = true;
    this.#socket?.destroy();
  }

  #keptSocket(): Socket | undefined {
    const socket = this.#socket;
    if (socket === undefined || socket.destroyed || !socket.writable) return undefined;
    if (performance.now() < this.#keepUntilMs) return socket;
    socket.destroy();
    return undefined;
  }

  async #connect(): Promise<Socket> {
    const { protocol, hostname, port } = this.#url;
    const isTls = protocol === 'https:';
    const host = hostname.replace(/^\[|\]$/g, '');
    const address = { host, port: port === '' ? (isTls ? 443 : 80) : Number(port) };
    const socket = isTls
      ? (await import('node:tls')).connect({
          ...address,
          ...serverName(host),
          ...this.#tls,
          ALPNProtocols: ['http/1.1'],
        })
      : (await import('node:net')).connect(address);
    socket.setNoDelay(true);
    // A process that is done is not held by its exporter: who waits for a flush holds it.
    socket.unref();
    // Between requests a lost connection is no error: the next one is made anew.
    socket.on('error', () => {});
    this.#socket = socket;
    this.#keepUntilMs = Infinity;
    return socket;
  }

  /** 'unanswered': the connection was lost before the first byte of an answer. */
  #write(socket: Socket, head: string, body: Uint8Array, timeoutMs: number): Promise<Exchanged | 'unanswered'> {
    return new Promise((resolve) => {
      const parser = new ResponseParser(LIMITS.otlpResponseBytesMax);
      let isAnswered = false;
      const settle = (exchanged: Exchanged | 'unanswered'): void => {
        clearTimeout(timer);
        socket.off('data', onData).off('error', onError).off('close', onClose).off('end', onClose);
        if (exchanged === parser.answer && parser.keepsConnection && socket.writableLength === 0) this.#keep(exchanged);
        else socket.destroy();
        resolve(exchanged);
      };
      const onData = (bytes: Buffer): void => {
        isAnswered = true;
        const state = parser.feed(bytes);
        if (state === 'complete') settle(parser.answer);
        else if (state === 'too large') settle(ANSWER_TOO_LARGE);
        else if (state === 'malformed') settle(unreachable('the answer was no HTTP'));
      };
      const onError = (error: Error & { code?: string }): void => {
        const isLost = error.code === 'ECONNRESET' || error.code === 'EPIPE';
        settle(isLost && !isAnswered ? 'unanswered' : unreachable(describeFailure(error)));
      };
      const onClose = (): void => {
        if (!isAnswered) settle('unanswered');
        else if (parser.finish() === 'complete') settle(parser.answer);
        else settle(unreachable('the connection broke within the answer'));
      };
      const timer = setTimeout(() => settle(unreachable(NO_ANSWER)), timeoutMs).unref();
      socket.on('data', onData).on('error', onError).on('close', onClose).on('end', onClose);
      socket.cork();
      socket.write(head, 'latin1');
      socket.write(body);
      socket.uncork();
    });
  }

  #keep({ headers }: HttpAnswer): void {
    const seconds = /\btimeout=(\d+)/.exec(headers['keep-alive']?.toString() ?? '')?.[1];
    if (seconds === undefined) return;
    this.#keepUntilMs = performance.now() + Number(seconds) * 1000 - KEEP_ALIVE_MARGIN_MS;
  }
}

/** SNI is for names only (RFC 6066, 3); the certificate is checked against the address all the same. */
function serverName(host: string): { servername?: string } {
  return /^[\d.]+$|:/.test(host) ? {} : { servername: host };
}
