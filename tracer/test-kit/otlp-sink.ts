import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { decodeTracesData } from '@tracelab/protocol';
import { until } from '../../test/until.ts';
import { endWithTests } from './end-with-tests.ts';
import { receivedSpans } from './received-span.ts';
import type { ReceivedSpan } from './received-span.ts';

/** A collector for tests. It fails on a span that comes twice and, when closed, on spans that no test looked at. */
export class OtlpSink {
  readonly requests: { headers: IncomingMessage['headers']; path: string; byteCount: number }[] = [];
  readonly #server: Server;
  readonly #seen = new Set<string>();
  readonly #duplicates: string[] = [];
  #spans: ReceivedSpan[] = [];

  private constructor(server: Server) {
    this.#server = server;
  }

  static async open(): Promise<OtlpSink> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        sink.#receive(request, Buffer.concat(chunks));
        response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
      });
    });
    const sink = new OtlpSink(server);
    endWithTests(() => sink.#cut());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return sink;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Takes everything out that came so far. */
  take(): ReceivedSpan[] {
    const taken = this.#spans;
    this.#spans = [];
    return taken;
  }

  /** Waits until so many spans are there, then takes them all. */
  async takeWhen(count: number): Promise<ReceivedSpan[]> {
    await until(
      () => `${count} spans, there are ${this.#spans.length}`,
      () => this.#spans.length >= count,
    );
    return this.take();
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.#cut(resolve));
    assert.deepEqual(this.#duplicates, [], 'no span comes twice');
    assert.deepEqual(
      this.#spans.map((span) => span.name),
      [],
      'no span is left over',
    );
  }

  #cut(done?: () => void): void {
    this.#server.close(done).closeAllConnections();
  }

  #receive(request: IncomingMessage, body: Buffer): void {
    const bytes = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
    this.requests.push({ headers: request.headers, path: request.url ?? '', byteCount: body.length });
    const data = decodeTracesData(bytes);
    assert(data.ok, data.ok ? '' : data.error);
    for (const span of receivedSpans(data.value)) this.#keep(span);
  }

  #keep(span: ReceivedSpan): void {
    const id = `${span.traceId}/${span.spanId}`;
    if (this.#seen.has(id)) this.#duplicates.push(`${id} ${span.name}`);
    this.#seen.add(id);
    this.#spans.push(span);
  }
}
