import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { after, describe, it } from 'node:test';
import { NotHeldError } from '@tracelab/command';
import type { LoadOutcome } from '../overhead/closed-loop.ts';
import { serviceLoad } from './service-load.ts';

const running = new AbortController().signal;
const servers: Server[] = [];
const sockets: Socket[] = [];

after(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers) server.close();
});

async function listen(server: Server): Promise<string> {
  servers.push(server);
  server.on('connection', (socket: Socket) => sockets.push(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return `http://127.0.0.1:${address.port}`;
}

function serve(answer: RequestListener): Promise<string> {
  return listen(createServer(answer));
}

function load(url: string, amount: number, signal: AbortSignal = running): Promise<LoadOutcome> {
  return serviceLoad(300)({ url, requests: [{ method: 'GET', path: '/' }], connections: 4 }, amount, signal);
}

describe('serviceLoad', () => {
  for (const connection of ['keep-alive', 'close']) {
    it(`sends exactly the amount and gets every answer (connection: ${connection})`, async () => {
      let seen = 0;
      const url = await serve((_request, response) => {
        seen++;
        response.setHeader('connection', connection).end('ok');
      });
      const outcome = await load(url, 100);
      assert.deepEqual([outcome.requests, outcome.failures, seen], [100, 0, 100]);
      assert.ok(outcome.durationMs > 0);
    });
  }

  it('counts what is not 2xx as failures, and goes on', async () => {
    let seen = 0;
    const url = await serve((_request, response) => response.writeHead(seen++ % 2 === 0 ? 500 : 200).end());
    const { requests, failures } = await load(url, 10);
    assert.deepEqual([requests, failures], [10, 5]);
  });

  it('refuses to measure what answers nothing but errors', async () => {
    const url = await serve((_request, response) => response.writeHead(404).end());
    await assert.rejects(
      load(url, 10),
      new NotHeldError(`${url} cannot be measured: of 10 requests 10 were answered with 404`),
    );
  });

  it('gives up on a server that is away, and on one that accepts and never answers, with the reason', async () => {
    await assert.rejects(load('http://127.0.0.1:9', 100), /of \d+ requests \d+ not at all \(ECONNREFUSED\)/);
    const url = await listen(createTcpServer());
    await assert.rejects(load(url, 100), /of \d+ requests \d+ not at all \(UND_ERR_HEADERS_TIMEOUT\)/);
  });

  it('gives up on one that falls silent after some answers', async () => {
    let seen = 0;
    const url = await serve((_request, response) => {
      if (seen++ < 20) response.end('ok');
    });
    await assert.rejects(load(url, 100), /of \d+ requests 20 were answered with 200, \d+ not at all/);
  });

  it('stops early when it is told to, and is silent about it', async () => {
    const controller = new AbortController();
    let seen = 0;
    const url = await serve((_request, response) => {
      if (++seen === 50) controller.abort();
      response.end('ok');
    });
    const { requests, failures } = await load(url, 1_000_000, controller.signal);
    assert.ok(requests >= 40 && requests < 60, `${requests}`);
    assert.equal(failures, 0);
  });
});
