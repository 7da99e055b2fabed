import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Answer = (response: ServerResponse) => void;

/** Speaks Jaeger's sampling protocol over HTTP: a service missing or repeated is 400, another path 404. */
export class StrategyServer {
  readonly requests: IncomingMessage[] = [];
  readonly url: string;
  readonly #server: Server;
  #answer: Answer = (response) => response.end('{}');

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('request', (request, response) => this.#handle(request, response));
  }

  static open(): Promise<StrategyServer> {
    const server = createServer();
    return new Promise((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve(new StrategyServer(server)));
    });
  }

  /** From now on every question is answered with this strategy. */
  give(strategy: object): void {
    this.answerWith((response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(strategy));
    });
  }

  /** From now on every question is answered by this. */
  answerWith(answer: Answer): void {
    this.#answer = answer;
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
    });
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(request.url ?? '', this.url);
    this.requests.push(request);
    response.on('error', () => {});
    if (pathname !== '/sampling') response.writeHead(404).end();
    else if (searchParams.getAll('service').length !== 1) response.writeHead(400).end();
    else this.#answer(response);
  }
}
