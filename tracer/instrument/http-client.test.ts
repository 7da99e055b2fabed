import assert from 'node:assert/strict';
import { once } from 'node:events';
import * as http from 'node:http';
import * as https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { context, trace } from '@opentelemetry/api';
import { suppressTracing } from '../context/suppress.ts';
import { pem } from '../test-kit/certificates.ts';
import type { ReceivedSpan } from '../test-kit/received-span.ts';
import { named, only } from '../test-kit/received-span.ts';
import { startTracing } from '../test-kit/tracing.ts';
import type { Tracing } from '../test-kit/tracing.ts';
import { until } from '../../test/until.ts';

const CLIENT = 3;
const ERROR = 2;
const STALE = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;

/** What the server got, for the answer that each path stands for. */
const answers: Record<string, (request: http.IncomingMessage, response: http.ServerResponse) => void> = {
  '/echo': (request, response) => response.end(JSON.stringify(request.rawHeaders)),
  'http://me:secret@shop.example/': (request, response) => response.end(JSON.stringify(request.rawHeaders)),
  '/missing': (_request, response) => response.writeHead(404).end(),
  '/cut': (request, response) => {
    response.writeHead(200, { 'content-length': 100 }).write('some');
    setImmediate(() => request.socket.destroy());
  },
  '/never': () => {},
  '/large': (_request, response) => response.end('x'.repeat(1_000_000)),
};

describe('a request of node:http', () => {
  let tracing: Tracing;
  let server: http.Server;
  let port = 0;
  const upgraded: Socket[] = [];
  before(async () => {
    tracing = await startTracing({ TRACELAB_IGNORE_PATHS: '/,http:' });
    server = http.createServer((request, response) =>
      answers[(request.url ?? '').split('?')[0] ?? '']?.(request, response),
    );
    server.on('upgrade', (_request, socket: Socket) => {
      upgraded.push(socket);
      socket.end('HTTP/1.1 101 Switching Protocols\r\nupgrade: echo\r\nconnection: upgrade\r\n\r\n');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  });
  after(async () => {
    server.closeAllConnections();
    server.close();
    await tracing.close();
  });

  const options = (path: string, more: http.RequestOptions = {}): http.RequestOptions => ({
    host: '127.0.0.1',
    port,
    path,
    ...more,
  });
  const readAll = async (request: http.ClientRequest): Promise<string> => {
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    let text = '';
    for await (const chunk of response) text += String(chunk);
    return text;
  };
  /** The values of one header as the server got them. */
  const echoed = async (request: http.ClientRequest, header = 'traceparent'): Promise<string[]> => {
    const raw = JSON.parse(await readAll(request)) as string[];
    return raw.filter((_, index) => index % 2 === 1 && raw[index - 1]?.toLowerCase() === header);
  };
  /** The one span, once it has ended. */
  const span = async (): Promise<ReceivedSpan> => {
    const { counts } = tracing.handle.switch;
    const sampled = (): number => counts().spansSampled;
    await until('a span to end', () => counts().spansQueued + counts().spansExported === sampled() && sampled() > 0);
    return only(await tracing.spans());
  };
  it('makes a client span by the stable conventions, secrets redacted, and carries the trace on', async () => {
    const got = await trace.getTracer('test').startActiveSpan('work', async (work) => {
      const values = await echoed(http.get(`http://me:secret@127.0.0.1:${port}/echo?token=secret&page=2#part`));
      work.end();
      return values;
    });
    await until('the connection', () => tracing.handle.switch.counts().spansQueued === 2);
    const spans = await tracing.spans();
    const client = named(spans, 'GET');
    assert.deepEqual([client.kind, client.parentSpanId], [CLIENT, named(spans, 'work').spanId]);
    assert.deepEqual(got, [`00-${client.traceId}-${client.spanId}-03`]);
    assert.deepEqual(client.attributes, {
      'http.request.method': 'GET',
      'server.address': '127.0.0.1',
      'server.port': BigInt(port),
      'url.full': `http://127.0.0.1:${port}/echo?token=REDACTED&page=2`,
      'http.response.status_code': 200n,
    });
    assert.equal(client.status.code, 0);
  });

  const staleHeaders: Record<string, http.RequestOptions> = {
    'an object': { headers: { TraceParent: STALE, 'x-own': 'kept' } },
    'a list': { headers: ['host', 'shop.example', 'TraceParent', STALE, 'x-own', 'kept'] },
    'an object with expect': { headers: { expect: '100-continue', traceparent: STALE, 'x-own': 'kept' } },
  };
  for (const [form, more] of Object.entries(staleHeaders)) {
    it(`replaces a stale traceparent among headers given as ${form}`, async () => {
      const request = http.request(options('/echo', { method: 'POST', ...more }));
      request.end();
      const received = JSON.parse(await readAll(request)) as string[];
      const { traceId, spanId, attributes } = await span();
      const values = (name: string) =>
        received.filter((_, index) => index % 2 === 1 && received[index - 1]?.toLowerCase() === name);
      assert.deepEqual([values('traceparent'), values('x-own')], [[`00-${traceId}-${spanId}-03`], ['kept']]);
      assert.equal(attributes['server.address'], Array.isArray(more.headers) ? 'shop.example' : '127.0.0.1');
    });
  }

  it('reuses connections: one span for each request', async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    for (let turn = 0; turn < 3; turn++) await readAll(http.get(options('/echo', { agent })));
    agent.destroy();
    await until('three spans', () => tracing.handle.switch.counts().spansQueued === 3);
    assert.equal((await tracing.spans()).length, 3);
  });

  it('is an error to a client from 400 on', async () => {
    await readAll(http.get(options('/missing')));
    const { status, attributes } = await span();
    assert.deepEqual(
      [status.code, attributes['http.response.status_code'], attributes['error.type']],
      [ERROR, 404n, '404'],
    );
  });

  it('is an error where nobody answers', async () => {
    const request = http.get(options('/', { port: 1 }));
    await once(request, 'error');
    const { status, attributes, events } = await span();
    assert.deepEqual([status.code, attributes['error.type']], [ERROR, 'ECONNREFUSED']);
    assert.equal(events[0]?.name, 'exception');
    assert.equal(attributes['http.response.status_code'], undefined);
  });

  it('ends as an error when it is destroyed, aborted by a signal, or timed out', async () => {
    const giveUp: [string, (request: http.ClientRequest, abort: AbortController) => void][] = [
      ['ECONNRESET', (request) => void request.destroy()],
      ['TypeError', (request) => void request.destroy(new TypeError('enough'))],
      ['ABORT_ERR', (_request, abort) => abort.abort()],
      ['ECONNRESET', (request) => void request.setTimeout(1, () => request.destroy())],
    ];
    for (const [type, stop] of giveUp) {
      const abort = new AbortController();
      const request = http.get(options('/never', { signal: abort.signal }));
      const failed = once(request, 'error');
      request.once('finish', () => stop(request, abort));
      await failed;
      const { status, attributes } = await span();
      assert.deepEqual([status.code, attributes['error.type']], [ERROR, type]);
    }
  });

  it('leaves an error that nobody handles unhandled', async () => {
    const request = http.get(options('/never'));
    assert.equal(request.listenerCount('error'), 0);
    request.on('error', () => {}).destroy();
    await span();
  });

  it('is an error when the answer breaks off, and when its reader stops', async () => {
    const cut = http.get(options('/cut'));
    await assert.rejects(readAll(cut), { code: 'ECONNRESET' });
    assert.equal((await span()).attributes['error.type'], 'aborted');
    const [response] = (await once(http.get(options('/large')), 'response')) as [http.IncomingMessage];
    response.destroy();
    assert.equal((await span()).attributes['error.type'], 'aborted');
  });

  it('ends with its connection when nobody reads the answer, or listens for it', async () => {
    const agent = new http.Agent({ keepAlive: true });
    const unread = http.get(options('/large', { agent }));
    await once(unread, 'response');
    assert.equal(tracing.handle.switch.counts().spansQueued, 0, 'still open');
    agent.destroy();
    const unreadSpan = await span();
    assert.equal(unreadSpan.attributes['http.response.status_code'], 200n);
    http.get(options('/echo'));
    assert.equal((await span()).status.code, 0);
  });

  it('ends when the connection is handed over to another protocol', async () => {
    const request = http.get(options('/socket', { headers: { connection: 'upgrade', upgrade: 'echo' } }));
    const [, socket] = (await once(request, 'upgrade')) as [unknown, Socket];
    const { status, attributes } = await span();
    assert.deepEqual([status.code, attributes['http.response.status_code']], [0, 101n]);
    socket.destroy();
  });

  it('names whole URLs for a proxy without their credentials', async () => {
    await readAll(http.get(options('http://me:secret@shop.example/?sig=secret')));
    const { attributes } = await span();
    assert.equal(attributes['url.full'], 'http://REDACTED:REDACTED@shop.example/?sig=REDACTED');
  });

  it('knows TLS, and that a port was not said', async () => {
    const tls = https.createServer({ cert: pem('server'), key: pem('server-key') }, (_request, response) =>
      response.end(),
    );
    tls.listen(0, '127.0.0.1');
    await once(tls, 'listening');
    const tlsPort = (tls.address() as AddressInfo).port;
    const given = { host: '127.0.0.1', port: tlsPort, ca: pem('authority'), agent: false as const };
    await readAll(https.get({ ...given, headers: { host: '[::1]' } }));
    const { attributes } = await span();
    assert.deepEqual(
      [attributes['url.full'], attributes['server.address'], attributes['server.port']],
      ['https://[::1]/', '::1', 443n],
    );
    tls.close();
  });

  it('makes no span and sends no headers where tracing is suppressed', async () => {
    const got = await context.with(suppressTracing(context.active()), () => echoed(http.get(options('/echo'))));
    assert.deepEqual([got, await tracing.spans()], [[], []]);
  });

  it('carries an unsampled trace on without touching attributes', async () => {
    tracing.handle.switch.setSampler({ sampler: 'always_off' });
    const [header] = await echoed(http.get(options('/echo')));
    tracing.handle.switch.setSampler({ sampler: 'parentbased_always_on' });
    assert.match(header ?? '', /^00-[0-9a-f]{32}-[0-9a-f]{16}-02$/);
    assert.deepEqual(await tracing.spans(), []);
  });
});
