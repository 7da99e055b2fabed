/** The same script in a real k6, where K6_BIN names one, against a small shop: what the stand-ins promise must hold there. */
import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseTraceparent } from '@tracelab/protocol';
import { runProcess, type Ended } from '../run/run-process.test-kit.ts';
import { serve } from './serve.test-kit.ts';

const SCRIPT = fileURLToPath(new URL('../script/checkout.ts', import.meta.url));
const THRESHOLDS_FAILED = 99;
const k6 = process.env['K6_BIN'] ?? '';
const skip = k6 === '' ? 'K6_BIN does not name a k6 binary' : false;

interface Shop {
  url: string;
  traceparents: string[];
}

/** A shop and its control in one: every fourth order fails, and three of eight are slow, while faults are in force that it heeds. */
async function startShop(context: TestContext, { heedsFaults = true } = {}): Promise<Shop> {
  const traceparents: string[] = [];
  const faults = new Set<string>();
  const answerOrder = (request: IncomingMessage, response: ServerResponse): void => {
    const order = traceparents.push(String(request.headers['traceparent']));
    const isFaulted = heedsFaults && faults.size === 2;
    response.statusCode = isFaulted && order % 4 === 0 ? 503 : 200;
    setTimeout(() => response.end('{}'), isFaulted && order % 8 < 3 ? 400 : 0);
  };
  const url = await serve(context, (request, response) => {
    const { method, url = '' } = request;
    if (method === 'POST') return answerOrder(request, response);
    if (method === 'PUT') faults.add(url);
    if (method === 'DELETE') faults.delete(url);
    return response.end(JSON.stringify([{ sku: 'tea' }]));
  });
  return { url, traceparents };
}

function runK6(shop: Shop, variables: readonly string[], environment: Record<string, string> = {}): Promise<Ended> {
  const given = [...variables, `GATEWAY_URL=${shop.url}`, `LAB_CONTROL_URL=${shop.url}`];
  // No REST API: several k6 at once would ask for the same port.
  const args = ['run', '--quiet', '--address', '', ...given.flatMap((pair) => ['-e', pair]), SCRIPT];
  return runProcess(k6, args, environment);
}

describe('the k6 checkout script in a real k6', { skip, concurrency: true }, () => {
  it('loads, holds the rate and sends traceparents with flags 03', async (context) => {
    const shop = await startShop(context);
    const { code, stderr } = await runK6(shop, ['RATE=20', 'DURATION=2s']);
    assert.equal(code, 0, stderr);
    const parents = shop.traceparents.map(parseTraceparent);
    assert.ok(parents.length >= 38 && parents.length <= 42, `${parents.length} checkouts in 2 s at 20/s`);
    assert.ok(parents.every((parent) => parent?.flags === 0x03));
    assert.equal(new Set(parents.map((parent) => parent?.traceId)).size, parents.length);
  });

  it('tells all phases of a spike, in both forms of k6’s summary', async (context) => {
    const shop = await startShop(context);
    const variables = ['SCENARIO=spike', 'RATE=10', 'SPIKE_RATE=50', 'DURATION=5s', 'CLIENT_RATE=-1'];
    const forms = ['false', 'true'].map((isListed) => ({ K6_NEW_MACHINE_READABLE_SUMMARY: isListed }));
    for (const { code, stdout, stderr } of await Promise.all(forms.map((form) => runK6(shop, variables, form)))) {
      assert.equal(code, 0, stderr);
      assert.match(stdout, /^ {2}before: 2[01] requests, 0\.0 % failed, p50 \d+\.\d ms, p95 \d+\.\d ms/m);
      assert.match(stdout, /^ {2}spike: 5[01] requests, 0\.0 % failed/m);
      assert.match(stdout, /^ {2}after: 2[01] requests, 0\.0 % failed/m);
    }
    assert.deepEqual(new Set(shop.traceparents), new Set(['undefined']));
  });

  it('holds where faults show while they are in force, and fails where they do nothing', async (context) => {
    const [heeding, deaf] = await Promise.all([startShop(context), startShop(context, { heedsFaults: false })]);
    const variables = ['SCENARIO=faults', 'RATE=100', 'DURATION=3s'];
    const [shown, absent] = await Promise.all([runK6(heeding, variables), runK6(deaf, variables)]);
    assert.equal(shown.code, 0, shown.stdout + shown.stderr);
    assert.equal(absent.code, THRESHOLDS_FAILED, absent.stderr);
    assert.match(absent.stdout, /THRESHOLD FAILED: http_req_failed\{phase:during\} rate>0\.05/);
    assert.match(absent.stdout, /THRESHOLD FAILED: slow_checkouts\{phase:during\} rate>0\.1/);
  });

  it('refuses an unknown scenario, and to run without its own', async (context) => {
    const shop = await startShop(context);
    const unknown = await runK6(shop, ['SCENARIO=stress']);
    assert.notEqual(unknown.code, 0);
    assert.match(unknown.stderr, /SCENARIO should be one of smoke, steady, spike, soak, faults: was/);
    const overridden = await runK6(shop, ['DURATION=1s'], { K6_ITERATIONS: '1' });
    assert.notEqual(overridden.code, 0);
    assert.match(overridden.stderr, /k6 does not run the scenario steady \(it has default\): unset K6_VUS/);
    assert.equal(shop.traceparents.length, 0);
  });
});
