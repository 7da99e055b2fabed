import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { after, describe, it } from 'node:test';
import { runClosedLoop } from './closed-loop.ts';

const servers: Server[] = [];

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return `http://127.0.0.1:${address.port}`;
}

const running = new AbortController().signal;

describe('runClosedLoop', () => {
  after(() => {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  });

  it('sends exactly the amount, gets every answer, and sends no traceparent', async () => {
    let seen = 0;
    let withTraceparent = 0;
    const url = await serve((request, response) => {
      seen++;
      if (request.headers['traceparent'] !== undefined) withTraceparent++;
      response.end('ok');
    });
    const outcome = await runClosedLoop(
      { url, requests: [{ method: 'GET', path: '/' }], connections: 8 },
      500,
      running,
    );
    assert.equal(outcome.requests, 500);
    assert.equal(outcome.failures, 0);
    assert.ok(outcome.durationMs > 0);
    assert.equal(seen, 500);
    assert.equal(withTraceparent, 0);
  });

  it('takes the requests in turn and counts what is not 2xx', async () => {
    const bodies: string[] = [];
    const url = await serve((request, response) => {
      request.setEncoding('utf8').on('data', (chunk: string) => bodies.push(chunk));
      request.on('end', () => {
        response.statusCode = bodies.length % 2 === 0 ? 500 : 200;
        response.end();
      });
    });
    const requests = ['{"n":1}', '{"n":2}'].map((body) => ({ method: 'POST' as const, path: '/checkout', body }));
    const outcome = await runClosedLoop({ url, requests, connections: 1 }, 10, running);
    assert.deepEqual([...new Set(bodies)], ['{"n":1}', '{"n":2}']);
    assert.equal(outcome.requests, 10);
    assert.equal(outcome.failures, 5);
  });

  it('gives up on a target that is away instead of hanging', async () => {
    const outcome = await runClosedLoop(
      { url: 'http://127.0.0.1:9', requests: [{ method: 'GET', path: '/' }], connections: 8 },
      100,
      running,
    );
    assert.equal(outcome.requests, 0);
    assert.ok(outcome.failures > 0);
  });

  it('stops early when it is told to', async () => {
    const controller = new AbortController();
    let seen = 0;
    const url = await serve((_request, response) => {
      if (++seen === 50) controller.abort();
      response.end('ok');
    });
    const outcome = await runClosedLoop(
      { url, requests: [{ method: 'GET', path: '/' }], connections: 2 },
      1_000_000,
      controller.signal,
    );
    assert.ok(outcome.requests >= 49 && outcome.requests < 1_000_000);
  });
});
