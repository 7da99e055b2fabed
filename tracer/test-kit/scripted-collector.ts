import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { ServerOptions } from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';
import { endWithTests } from './end-with-tests.ts';

export type Script = (response: ServerResponse, request: IncomingMessage, body: Buffer) => void;

/** A real HTTP server that does with each request what the test says. */
export class ScriptedCollector {
  script: Script = (response) => response.end();
  /** Before any of the body is read. */
  onRequest: (request: IncomingMessage) => void = () => {};
  readonly requests: IncomingMessage[] = [];
  readonly ports = new Set<number | undefined>();
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #scheme: 'http' | 'https';

  private constructor(tls: ServerOptions | undefined) {
    const listen = (request: IncomingMessage, response: ServerResponse): void => this.#receive(request, response);
    this.#scheme = tls === undefined ? 'http' : 'https';
    this.#server = tls === undefined ? createServer(listen) : createTlsServer(tls, listen);
    // By hand: `closeAllConnections` leaves those that are in a TLS handshake, and `close` waits for them.
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket.once('close', () => this.#sockets.delete(socket)));
    });
    endWithTests(() => void this.close());
  }

  static async open(tls?: ServerOptions): Promise<ScriptedCollector> {
    const collector = new ScriptedCollector(tls);
    await new Promise<void>((resolve) => collector.#server.listen(0, '127.0.0.1', resolve));
    return collector;
  }

  get url(): string {
    return `${this.#scheme}://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Cuts every connection, as a collector that is restarted. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #receive(request: IncomingMessage, response: ServerResponse): void {
    this.requests.push(request);
    this.ports.add(request.socket.remotePort);
    this.onRequest(request);
    const chunks: Buffer[] = [];
    request.on('error', () => {});
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => this.script(response, request, Buffer.concat(chunks)));
  }
}
