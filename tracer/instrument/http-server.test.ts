/** Requests as bytes on a socket, for what no client library would send; well-formed ones are in zero-code.test.ts. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { trace } from '@opentelemetry/api';
import { only } from '../test-kit/received-span.ts';
import type { ReceivedSpan } from '../test-kit/received-span.ts';
import { startTracing } from '../test-kit/tracing.ts';
import type { Tracing } from '../test-kit/tracing.ts';
import { until } from '../../test/until.ts';

const ERROR = 2;
const PARENT = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
const HOST = 'host: shop.example';

describe('a server span', () => {
  let tracing: Tracing;
  let server: Server;
  /** The span that was active while each path was answered, some turns after its request came. */
  const activeSpanIds = new Map<string, string | undefined>();
  before(async () => {
    tracing = await startTracing();
    server = createServer((request, response) => void answer(request, response));
    server.on('upgrade', (_request, socket: Socket) =>
      socket.on('error', () => {}).end('HTTP/1.1 101 Switching Protocols\r\n\r\n'),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  after(async () => {
    server.closeAllConnections();
    server.close();
    await tracing.close();
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    await turn();
    const path = request.url ?? '';
    activeSpanIds.set(path, trace.getActiveSpan()?.spanContext().spanId);
    if (path === '/unchanged') response.writeHead(304).end();
    else if (path === '/processing') response.writeProcessing(() => response.end('done'));
    else if (path === '/fails-unheard') Object.assign(response, { statusCode: 500 }).destroy();
    else response.end('ok');
  }

  function send(lines: readonly string[]): Socket {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.on('error', () => {}).resume();
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    return socket;
  }

  /** Sends the lines, and gives the spans once there are so many. */
  async function exchange(lines: readonly string[], count = 1): Promise<ReceivedSpan[]> {
    const socket = send(lines);
    await until('the spans to end', () => tracing.handle.switch.counts().spansQueued === count);
    socket.destroy();
    return tracing.spans();
  }

  it('has its own context for each of two requests that arrive in one packet', async () => {
    const spans = await exchange(['GET /a HTTP/1.1', HOST, `traceparent: ${PARENT}`, '', 'GET /b HTTP/1.1', HOST], 2);
    const [first, second] = ['/a', '/b'].map((path) => spans.find((span) => span.attributes['url.path'] === path));
    assert.deepEqual([first?.parentSpanId, second?.parentSpanId], ['b'.repeat(16), '']);
    assert.deepEqual([activeSpanIds.get('/a'), activeSpanIds.get('/b')], [first?.spanId, second?.spanId]);
  });

  it('begins a trace where the traceparent came twice', async () => {
    const traceparent = `traceparent: ${PARENT}`;
    const { parentSpanId } = only(await exchange(['GET /a HTTP/1.1', HOST, traceparent, traceparent]));
    assert.equal(parentSpanId, '');
  });

  it('goes on where its trace came in several headers, of any case', async () => {
    const states = ['TraceState: a=1', 'tracestate:', 'TRACESTATE: b=2', 'tracestate: c=3'];
    const lines = ['GET /a HTTP/1.1', HOST, `TRACEPARENT: ${PARENT}`, ...states, 'host: other.example'];
    const { parentSpanId, traceState, attributes } = only(await exchange(lines));
    assert.deepEqual(
      [parentSpanId, traceState, attributes['server.address']],
      ['b'.repeat(16), 'a=1,b=2,c=3', 'shop.example'],
    );
  });

  it('loses its tracestate alone where one of its headers is malformed', async () => {
    const lines = ['GET /a HTTP/1.1', HOST, `traceparent: ${PARENT}`, 'tracestate: a=1', 'tracestate: B=2'];
    const { parentSpanId, traceState } = only(await exchange(lines));
    assert.deepEqual([parentSpanId, traceState], ['b'.repeat(16), '']);
  });

  it('has the final status, without a body and after an interim answer too', async () => {
    for (const [line, status] of [
      ['HEAD /a', 200n],
      ['GET /unchanged', 304n],
      ['GET /processing', 200n],
    ] as const) {
      const { attributes, status: outcome } = only(await exchange([`${line} HTTP/1.1`, HOST]));
      assert.deepEqual([attributes['http.response.status_code'], outcome.code], [status, 0]);
    }
  });

  it('was cut, whatever status was never sent', async () => {
    const { attributes, status } = only(await exchange(['GET /fails-unheard HTTP/1.1', HOST]));
    assert.deepEqual(
      [attributes['http.response.status_code'], attributes['error.type'], status.code],
      [undefined, 'aborted', ERROR],
    );
  });

  it('knows the path of a target that is a whole URL, and keeps its secrets', async () => {
    const { attributes } = only(await exchange(['GET http://me:secret@shop.example/a?token=x HTTP/1.1', HOST]));
    assert.deepEqual([attributes['url.path'], attributes['url.query']], ['/a', 'token=REDACTED']);
  });

  it('has the address and port that the request was sent to, as far as it says', async () => {
    const hosts: [string[], unknown, unknown][] = [
      [['host: [::1]:99'], '::1', 99n],
      [['host: shop.example'], 'shop.example', undefined],
      [[], undefined, undefined],
    ];
    for (const [headers, address, port] of hosts) {
      const { attributes } = only(await exchange(['GET /a HTTP/1.0', ...headers]));
      assert.deepEqual([attributes['server.address'], attributes['server.port']], [address, port]);
    }
  });

  it('is not named by a method that the conventions do not know', async () => {
    const { name, attributes } = only(await exchange(['PROPFIND /a HTTP/1.1', HOST]));
    assert.deepEqual(
      [name, attributes['http.request.method'], attributes['http.request.method_original']],
      ['HTTP', '_OTHER', 'PROPFIND'],
    );
  });

  it('is not made for a connection that goes on in another protocol: Node announces no request', async () => {
    const socket = send(['GET /socket HTTP/1.1', HOST, 'connection: upgrade', 'upgrade: echo']);
    await once(server, 'upgrade');
    socket.destroy();
    assert.equal(only(await exchange(['GET /a HTTP/1.1', HOST])).attributes['url.path'], '/a');
  });
});
