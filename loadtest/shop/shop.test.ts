import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { launchProgram } from '@tracelab/command';
import { requestJson } from '../request-json.ts';
import { constantArrival } from '../pace/pacer.ts';
import { createControl } from './control.ts';
import { Shopper } from './shopper.ts';
import { createVisitor, type Visitor } from './visit.ts';

/** A gateway that sells two things and answers what the test wants. */
const gateway = {
  status: 200,
  resets: false,
  checkouts: [] as { body: unknown; headers: IncomingMessage['headers'] }[],
  productRequests: 0,
};
let server: Server;
let gatewayUrl = '';
let visitor: Visitor;

before(async () => {
  server = createServer((request, response) => {
    if (gateway.resets) return void request.socket.destroy();
    if (request.url === '/products') {
      gateway.productRequests++;
      return void response.end(JSON.stringify([{ sku: 'tea' }, { sku: 'mug' }]));
    }
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      gateway.checkouts.push({ body: JSON.parse(text), headers: request.headers });
      response.statusCode = gateway.status;
      response.end('{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  gatewayUrl = `http://127.0.0.1:${address.port}`;
  visitor = createVisitor(gatewayUrl, Math.random);
});

after(async () => {
  await visitor.close();
  server.closeAllConnections();
  server.close();
});

describe('a visit to the shop', () => {
  it('checks out what the shop sells, and sends no traceparent', async () => {
    assert.deepEqual(await visitor.visit(), { kind: 'answered', status: 200 });
    const sent = gateway.checkouts.at(-1);
    assert.equal(sent?.headers['traceparent'], undefined);
    assert.match(JSON.stringify(sent?.body), /^\{"cart":\[\{"sku":"(tea|mug)","quantity":\d\}/);
  });

  it('looks at the products once, and again when the shop does not know a sku', async () => {
    gateway.productRequests = 0;
    await visitor.visit();
    assert.equal(gateway.productRequests, 0);
    gateway.status = 404;
    await visitor.visit();
    gateway.status = 200;
    await visitor.visit();
    assert.equal(gateway.productRequests, 1);
  });

  it('takes an error of the shop, or a connection that a fault resets, for an answer', async () => {
    gateway.status = 503;
    assert.deepEqual(await visitor.visit(), { kind: 'answered', status: 503 });
    gateway.resets = true;
    assert.deepEqual(await visitor.visit(), { kind: 'answered', status: 0 });
    gateway.resets = false;
    gateway.status = 200;
  });

  it('knows that the shop is away where nobody listens', async () => {
    const lost = createVisitor('http://127.0.0.1:9', Math.random);
    const outcome = await lost.visit();
    assert.equal(outcome.kind, 'away');
    assert.match(outcome.kind === 'away' ? outcome.reason : '', /127\.0\.0\.1:9: ECONNREFUSED/);
    await lost.close();
  });
});

describe("the shoppers' control", () => {
  const shopper = new Shopper({
    clock: { nowMs: () => 0, wait: async () => {} },
    requestsPerSecond: 2,
    pacerFor: constantArrival,
    visit: async () => ({ kind: 'answered', status: 200 }),
    say: () => {},
    inFlightMax: 1,
  });
  const control = createControl(shopper, { logLevel: 'silent', token: '' });
  after(() => control.close());

  it('reads and changes the rate', async () => {
    assert.deepEqual((await control.inject('/_lab/load')).json(), { requestsPerSecond: 2 });
    const changed = await control.inject({ method: 'PUT', url: '/_lab/load', payload: { requestsPerSecond: 0 } });
    assert.deepEqual([changed.statusCode, changed.json()], [200, { requestsPerSecond: 0 }]);
    assert.equal(shopper.requestsPerSecond, 0);
    assert.equal((await control.inject('/healthz')).statusCode, 200);
  });

  it('answers other machines only with the token, health apart', async () => {
    const guarded = createControl(shopper, { logLevel: 'silent', token: 'secret' });
    const statusFor = async (url: string, headers: Record<string, string> = {}): Promise<number> =>
      (await guarded.inject({ url, headers, remoteAddress: '192.0.2.1' })).statusCode;
    assert.equal(await statusFor('/_lab/load'), 401);
    assert.equal(await statusFor('/_lab/load', { authorization: 'Bearer secret' }), 200);
    assert.equal(await statusFor('/healthz'), 200);
    await guarded.close();
  });

  it('refuses what is no rate, saying what is allowed', async () => {
    for (const payload of [{ requestsPerSecond: -1 }, { requestsPerSecond: 1e9 }, { requestsPerSecond: '5' }, {}]) {
      const reply = await control.inject({ method: 'PUT', url: '/_lab/load', payload });
      assert.equal(reply.statusCode, 400);
      assert.match(reply.body, /requestsPerSecond should be a number from 0 \(pause\) to 200/);
    }
  });
});

describe('the shoppers as a process', () => {
  it('announces where its control is, follows it, and ends when asked', async (context) => {
    const shoppers = launchProgram({
      name: 'shoppers',
      file: 'loadtest/main.ts',
      args: ['shop', '--rate', '0'],
      env: { GATEWAY_URL: gatewayUrl, LOAD_PORT: '0' },
    });
    context.after(() => shoppers.stop());
    const { url = '' } = await shoppers.ready;
    gateway.checkouts.length = 0;
    assert.deepEqual(await requestJson('GET', `${url}/_lab/load`), { requestsPerSecond: 0 });
    const visited = once(server, 'request');
    assert.deepEqual(await requestJson('PUT', `${url}/_lab/load`, { requestsPerSecond: 100 }), {
      requestsPerSecond: 100,
    });
    await visited;
    const end = await shoppers.stop();
    assert.equal(end.code, 0, end.lastLines);
  });
});
