import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { trace } from '@opentelemetry/api';
import { named, only } from '../test-kit/received-span.ts';
import type { ReceivedSpan } from '../test-kit/received-span.ts';
import { startTracing } from '../test-kit/tracing.ts';
import type { Tracing } from '../test-kit/tracing.ts';
import { until } from '../../test/until.ts';

const ERROR = 2;

const answers: Record<string, (request: IncomingMessage, response: ServerResponse) => void> = {
  '/ok': (_request, response) => response.end('ok'),
  '/hints': (_request, response) => {
    response.writeEarlyHints({ link: '</style.css>; rel=preload' });
    response.end('ok');
  },
  '/never': () => {},
  '/large': (_request, response) => response.end('x'.repeat(3_000_000)),
};

describe('a request of fetch', () => {
  let tracing: Tracing;
  let server: Server;
  let url = '';
  const upgradeHeaders: IncomingMessage['headers'][] = [];
  before(async () => {
    tracing = await startTracing({ TRACELAB_IGNORE_PATHS: '/' });
    server = createServer((request, response) => answers[request.url ?? '']?.(request, response));
    server.on('upgrade', (request, socket: Socket) => {
      upgradeHeaders.push(request.headers);
      acceptWebSocket(request, socket);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(async () => {
    server.closeAllConnections();
    server.close();
    await tracing.close();
  });

  const ended = async (): Promise<ReceivedSpan> => {
    await until('the span to end', () => tracing.handle.switch.counts().spansQueued === 1);
    return only(await tracing.spans());
  };

  it('fails with the name of what it was aborted by, whatever that is', async () => {
    const reasons: [string, unknown, string][] = [
      ['AbortError', new DOMException('left', 'AbortError'), 'left'],
      ['TimeoutError', new DOMException('late', 'TimeoutError'), 'late'],
      ['RangeError', new RangeError('too long'), 'too long'],
      ['_OTHER', 'no longer wanted', 'no longer wanted'],
      ['_OTHER', Object.create(null), ''],
    ];
    for (const [type, reason, message] of reasons) {
      const abort = new AbortController();
      const arrived = once(server, 'request');
      const pending = fetch(`${url}/never`, { signal: abort.signal });
      await arrived;
      abort.abort(reason);
      await assert.rejects(
        pending.then(() => 'answered'),
        () => true,
      );
      const { status, attributes } = await ended();
      assert.deepEqual([status.code, attributes['error.type'], status.message], [ERROR, type, message]);
    }
  });

  it('has the status of its final answer, not of an early hint', async () => {
    await (await fetch(`${url}/hints`)).text();
    assert.equal((await ended()).attributes['http.response.status_code'], 200n);
  });

  it('ends at once where a small body is not read, and with the garbage where a large one is not', async () => {
    await fetch(`${url}/ok`);
    assert.equal((await ended()).status.code, 0);
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const forget = async (): Promise<number> => (await fetch(`${url}/large`)).status;
    assert.equal(await forget(), 200);
    await until('the garbage to be found', () => {
      collectGarbage();
      return tracing.handle.switch.counts().spansQueued === 1;
    });
    const { status, attributes } = await ended();
    assert.deepEqual([status.code, attributes['http.response.status_code']], [ERROR, 200n]);
    assert.match(status.message, /garbage collected/);
  });

  it('makes no span for a WebSocket, whose end nobody tells, and carries the active trace into it', async () => {
    await trace.getTracer('test').startActiveSpan('work', async (work) => {
      const socket = new WebSocket(`${url.replace('http', 'ws')}/socket`);
      await once(socket, 'close');
      work.end();
    });
    const work = named(await tracing.spans(), 'work');
    assert.equal(upgradeHeaders[0]?.['traceparent'], `00-${work.traceId}-${work.spanId}-03`);
  });
});

/** RFC 6455: agrees, then closes. */
function acceptWebSocket(request: IncomingMessage, socket: Socket): void {
  const key = `${String(request.headers['sec-websocket-key'])}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
  const accept = createHash('sha1').update(key).digest('base64');
  const head = ['upgrade: websocket', 'connection: upgrade', `sec-websocket-accept: ${accept}`].join('\r\n');
  socket.on('error', () => {}).write(`HTTP/1.1 101 Switching Protocols\r\n${head}\r\n\r\n`);
  socket.end(Buffer.from([0x88, 0]));
}
