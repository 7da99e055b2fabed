import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import { callHttp } from './http-call.ts';

describe('a call to a process of the lab', () => {
  const open: { close: () => void }[] = [];
  afterEach(() => open.splice(0).forEach((each) => each.close()));

  async function serve(answer: RequestListener): Promise<string> {
    const server = createServer(answer).listen(0, '127.0.0.1');
    await once(server, 'listening');
    open.push({ close: () => (server.closeAllConnections(), server.close()) });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  }

  it('sends JSON and the token, and reads JSON of whatever status', async () => {
    const url = await serve(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
      response.statusCode = 418;
      response.end(
        JSON.stringify({
          method: request.method,
          token: request.headers.authorization,
          body: JSON.parse(Buffer.concat(chunks).toString()) as unknown,
        }),
      );
    });
    const answer = await callHttp({ method: 'PUT', url, body: { ä: 1 }, token: 'secret', timeoutMs: 5_000 });
    assert.deepEqual(answer, {
      reached: true,
      status: 418,
      body: { method: 'PUT', token: 'Bearer secret', body: { ä: 1 } },
    });
  });

  it('is made again where a kept connection turns out to be closed', async () => {
    let connections = 0;
    const answered = new WeakSet<object>();
    const url = await serve((request, response) => {
      // Every connection answers once, and is reset when it is used again.
      if (answered.has(request.socket)) return void request.socket.resetAndDestroy();
      answered.add(request.socket);
      response.end(JSON.stringify(++connections));
    });
    for (const expected of [1, 2])
      assert.deepEqual(await callHttp({ method: 'GET', url, timeoutMs: 5_000 }), {
        reached: true,
        status: 200,
        body: expected,
      });
  });

  it('takes a body that is no JSON for none', async () => {
    const url = await serve((_request, response) => void response.end('<html>'));
    assert.deepEqual(await callHttp({ method: 'GET', url, timeoutMs: 5_000 }), {
      reached: true,
      status: 200,
      body: undefined,
    });
  });

  it('never rejects: it says why there was no answer', async () => {
    const silent = await serve(() => {});
    const closing = await serve((request) => void request.socket.destroy());
    const reasonFrom = async (url: string): Promise<string> => {
      const answer = await callHttp({ method: 'GET', url, timeoutMs: 50 });
      return answer.reached ? 'reached' : answer.reason;
    };
    assert.equal(await reasonFrom(silent), 'it did not answer in time');
    assert.equal(await reasonFrom(closing), 'socket hang up');
    assert.equal(await reasonFrom('http://127.0.0.1:1'), 'nothing listens there');
    assert.match(await reasonFrom('ftp://127.0.0.1'), /Protocol "ftp:" not supported/);
  });
});
