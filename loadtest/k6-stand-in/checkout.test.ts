/**
 * The k6 script in Node, with stand-ins for k6's modules; and, where K6_BIN names a real k6, the same script in it against
 * a small shop: what the stand-ins promise must hold there.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { before, describe, it } from 'node:test';
import { parseTraceparent, type CheckoutRequest } from '@tracelab/protocol';
import { answers, sent } from './http.ts';
import { checks } from './k6.ts';

const GATEWAY = 'http://gateway.test';
const script = new URL('../k6/checkout.ts', import.meta.url);

interface Script {
  options: { scenarios: { checkout: Record<string, unknown> }; thresholds: Record<string, string[]> };
  setup: () => { skus: string[] };
  default: (data: { skus: string[] }) => void;
}

async function loadScript(environment: Record<string, string>): Promise<Script> {
  Reflect.set(globalThis, '__ENV', environment);
  // A query makes it a new module: k6, too, runs the script anew for every user.
  return (await import(`${script.href}?${new URLSearchParams(environment).toString()}`)) as Script;
}

before(() => {
  const standIns = new Map([
    ['k6', new URL('k6.ts', import.meta.url).href],
    ['k6/http', new URL('http.ts', import.meta.url).href],
  ]);
  registerHooks({
    resolve: (specifier, context, next) => {
      const url = standIns.get(specifier);
      return url === undefined ? next(specifier, context) : { url, format: 'module-typescript', shortCircuit: true };
    },
  });
});

describe('the k6 checkout script', () => {
  it('takes rate, duration and gateway from the environment, and fails on dropped iterations', async () => {
    const { options } = await loadScript({ RATE: '40', DURATION: '2m', GATEWAY_URL: GATEWAY });
    const scenario = options.scenarios.checkout;
    assert.deepEqual(
      [scenario['executor'], scenario['rate'], scenario['timeUnit'], scenario['duration'], scenario['maxVUs']],
      ['constant-arrival-rate', 40, '1s', '2m', 80],
    );
    assert.deepEqual(options.thresholds['dropped_iterations'], ['count==0']);
    assert.deepEqual(options.thresholds['http_req_failed'], ['rate<0.01']);
  });

  it('refuses a rate or a duration that k6 would misread', async () => {
    for (const RATE of ['0', '1.5', 'fast', '10001'])
      await assert.rejects(loadScript({ RATE }), /RATE should be a whole number .* was/);
    for (const DURATION of ['30', 'soon'])
      await assert.rejects(loadScript({ DURATION }), /DURATION should be like 30s or 2m: was/);
  });

  it('checks out what the shop sells, every time in a sampled trace of its own with random ids', async () => {
    const { setup, default: checkOut } = await loadScript({ GATEWAY_URL: `${GATEWAY}/` });
    answers.set(`GET ${GATEWAY}/products`, { status: 200, body: [{ sku: 'tea' }, { sku: 'mug' }] });
    answers.set(`POST ${GATEWAY}/checkout`, { status: 200, body: {} });
    const data = setup();
    assert.deepEqual(data.skus, ['tea', 'mug']);
    sent.length = 0;
    for (let visit = 0; visit < 200; visit++) checkOut(data);
    const parents = sent.map((request) => parseTraceparent(request.headers['traceparent'] ?? ''));
    assert.ok(parents.every((parent) => parent?.flags === 0x03));
    assert.equal(new Set(parents.map((parent) => parent?.traceId)).size, 200);
    assert.equal(new Set(parents.map((parent) => parent?.spanId)).size, 200);
    const orders = sent.map((request) => JSON.parse(request.body ?? '') as CheckoutRequest);
    assert.ok(orders.every((order) => order.cart.every((line) => data.skus.includes(line.sku))));
    assert.ok(checks.length === 200 && checks.every((check) => check.holds));
  });

  it('does not start a load on a shop that is away', async () => {
    const { setup } = await loadScript({ GATEWAY_URL: 'http://nobody.test' });
    assert.throws(setup, /GET http:\/\/nobody\.test\/products answered 0 connection refused: is the lab running/);
  });
});

describe('the k6 checkout script in a real k6', () => {
  const k6 = process.env['K6_BIN'] ?? '';
  const skip = k6 === '' ? 'K6_BIN does not name a k6 binary' : false;

  it('loads, holds the rate and sends traceparents with flags 03', { skip }, async (context) => {
    const traceparents: string[] = [];
    const server = createServer((request, response) => {
      if (request.method === 'POST') traceparents.push(String(request.headers['traceparent']));
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(request.url === '/products' ? [{ sku: 'tea' }] : {}));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    context.after(() => {
      server.closeAllConnections();
      server.close();
    });
    const address = server.address();
    assert.ok(address !== null && typeof address === 'object');
    const environment = ['RATE=20', 'DURATION=2s', `GATEWAY_URL=http://127.0.0.1:${address.port}`].flatMap((pair) => [
      '-e',
      pair,
    ]);
    // Resolves only for exit code 0: every threshold held.
    await promisify(execFile)(k6, ['run', '--quiet', ...environment, fileURLToPath(script)]);
    const parents = traceparents.map(parseTraceparent);
    assert.ok(parents.length >= 38 && parents.length <= 42, `${parents.length} checkouts in 2 s at 20/s`);
    assert.ok(parents.every((parent) => parent?.flags === 0x03));
    assert.equal(new Set(parents.map((parent) => parent?.traceId)).size, parents.length);
  });
});
