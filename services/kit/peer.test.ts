import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { RequestListener, Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import { ApiError } from '@tracelab/command';
import { createPeer } from './peer.ts';

const servers: Server[] = [];

async function listen(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function failure(url: string, timeoutMs = 5000): Promise<[string, string]> {
  const error: unknown = await createPeer({ name: 'bank', url, timeoutMs })
    .call('POST', '/charge', {})
    .then(() => assert.fail('it should fail'))
    .catch((error: unknown) => error);
  assert.ok(error instanceof ApiError, String(error));
  return [error.code, error.message];
}

function answering(status: number, body: string): Promise<string> {
  return listen((_request, response) => response.writeHead(status).end(body));
}

describe('a call to a peer', () => {
  it('sends JSON and gives the JSON of the answer', async () => {
    const url = await listen((request, response) => {
      request.pipe(response.writeHead(200, { 'x-type': request.headers['content-type'] ?? '' }));
    });
    const peer = createPeer({ name: 'bank', url, timeoutMs: 5000 });
    assert.deepEqual(await peer.call('POST', '/charge', { a: [1] }), { a: [1] });
  });

  for (const [status, code] of [
    [402, 'payment_declined'],
    [404, 'unknown_product'],
    [409, 'out_of_stock'],
    [502, 'upstream_failed'],
    [504, 'upstream_timeout'],
  ] as const) {
    it(`passes ${code} on unchanged`, async () => {
      const url = await answering(status, JSON.stringify({ error: { code, message: 'the reason' } }));
      assert.deepEqual(await failure(url), [code, 'the reason']);
    });
  }

  it('names the peer that failed', async () => {
    const own = await answering(500, JSON.stringify({ error: { code: 'internal', message: 'a defect' } }));
    assert.deepEqual(await failure(own), ['upstream_failed', 'bank answered 500: a defect']);
    assert.deepEqual(await failure(await answering(503, '<html>')), ['upstream_failed', 'bank answered 503']);
  });

  it('does not trust a code whose status is another', async () => {
    const url = await answering(500, JSON.stringify({ error: { code: 'payment_declined', message: 'no' } }));
    assert.deepEqual(await failure(url), ['upstream_failed', 'bank answered 500: no']);
  });

  it('takes an answer that is no JSON for a failure', async () => {
    assert.deepEqual(await failure(await answering(200, 'hello')), ['upstream_failed', 'bank answered 200']);
  });

  it('says that nobody listens, or that the connection broke', async () => {
    const gone = await listen(() => {});
    servers.pop()?.close();
    assert.deepEqual(await failure(gone), ['upstream_failed', 'bank cannot be reached: ECONNREFUSED']);
    const [code, message] = await failure(await listen((request) => request.socket.resetAndDestroy()));
    assert.equal(code, 'upstream_failed');
    assert.match(message, /^bank cannot be reached: /);
  });

  it('gives up after its time limit', async () => {
    const url = await listen(() => {});
    assert.deepEqual(await failure(url, 30), ['upstream_timeout', 'bank did not answer within 30 ms']);
  });
});
