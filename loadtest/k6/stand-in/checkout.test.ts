/** The k6 script in Node, with stand-ins for k6's modules. */
import assert from 'node:assert/strict';
import { before, beforeEach, describe, it } from 'node:test';
import { parseTraceparent, type CheckoutRequest } from '@tracelab/protocol';
import { aborts, test } from './execution.ts';
import { answers, sent } from './http.ts';
import { checks } from './k6.ts';
import { loadScript, standInForK6 } from './load-script.ts';
import { rates } from './metrics.ts';

const GATEWAY = 'http://gateway.test';
const CONTROL = 'http://control.test';
const FAULTS = ['k6-slow', 'k6-error'].map((id) => `${CONTROL}/_lab/faults/${id}`);

before(standInForK6);

beforeEach(() => {
  for (const list of [sent, checks, aborts]) list.length = 0;
  answers.clear();
  rates.clear();
  answers.set(`GET ${GATEWAY}/products`, { status: 200, body: [{ sku: 'tea' }, { sku: 'mug' }] });
  answers.set(`POST ${GATEWAY}/checkout`, { status: 200, body: {}, durationMs: 20 });
});

async function checkOutTimes(times: number, environment: Readonly<Record<string, string>> = {}): Promise<string[]> {
  const { setup, default: checkOut } = await loadScript({ GATEWAY_URL: `${GATEWAY}/`, ...environment });
  const data = setup();
  assert.deepEqual(data.skus, ['tea', 'mug']);
  sent.length = 0;
  for (let visit = 0; visit < times; visit++) checkOut(data);
  return sent.map((request) => request.headers['traceparent'] ?? '');
}

describe('the k6 checkout script', () => {
  it('checks out what the shop sells, every time in a sampled trace of its own with random ids', async () => {
    const parents = (await checkOutTimes(200)).map(parseTraceparent);
    assert.ok(parents.every((parent) => parent?.flags === 0x03));
    assert.equal(new Set(parents.map((parent) => parent?.traceId)).size, 200);
    assert.equal(new Set(parents.map((parent) => parent?.spanId)).size, 200);
    const orders = sent.map((request) => JSON.parse(request.body ?? '') as CheckoutRequest);
    assert.ok(orders.every((order) => order.cart.every((line) => ['tea', 'mug'].includes(line.sku))));
    assert.ok(checks.length === 200 && checks.every((check) => check.holds));
    assert.deepEqual(new Set(rates.get('slow_checkouts')), new Set([false]));
  });

  it('samples the share that it is told to, and sends no traceparent at -1', async () => {
    const flags = (await checkOutTimes(400, { CLIENT_RATE: '0.25' })).map((header) => parseTraceparent(header)?.flags);
    const sampled = flags.filter((flag) => flag === 0x03).length;
    assert.equal(flags.filter((flag) => flag === 0x02).length, 400 - sampled, 'flags 03 or 02');
    assert.ok(sampled > 55 && sampled < 145, `${sampled} of 400`);
    assert.deepEqual(
      new Set(await checkOutTimes(5, { CLIENT_RATE: '0' }).then((all) => all.map((one) => one.slice(-2)))),
      new Set(['02']),
    );
    assert.deepEqual(new Set(await checkOutTimes(5, { CLIENT_RATE: '-1' })), new Set(['']), 'the gateway is the root');
  });

  it('tells slow orders', async () => {
    answers.set(`POST ${GATEWAY}/checkout`, { status: 200, body: {}, durationMs: 400 });
    await checkOutTimes(2);
    assert.deepEqual(rates.get('slow_checkouts'), [true, true]);
  });

  it('does not start a load on a shop that is away', async () => {
    const { setup } = await loadScript({ GATEWAY_URL: 'http://nobody.test' });
    assert.throws(setup, /GET http:\/\/nobody\.test\/products answered 0 connection refused: is the lab running/);
  });

  it('refuses to run where k6 has dropped its scenarios for a variable of its own', async () => {
    const { setup } = await loadScript({ GATEWAY_URL: GATEWAY, SCENARIO: 'spike' });
    test.options = { scenarios: { default: {} } };
    assert.throws(setup, /k6 does not run the scenario spike \(it has default\): unset K6_VUS, K6_DURATION/);
  });
});

describe('the scenario faults', () => {
  const environment = { SCENARIO: 'faults', GATEWAY_URL: GATEWAY, LAB_CONTROL_URL: CONTROL };
  const answerAll = (method: string, status: number): void => {
    for (const url of FAULTS) answers.set(`${method} ${url}`, { status, body: {} });
  };

  it('puts a slow and an error fault that end by themselves, and clears both', async () => {
    const { setup, switchFaultsOn, switchFaultsOff, teardown } = await loadScript(environment);
    answerAll('DELETE', 404);
    answerAll('PUT', 200);
    setup();
    switchFaultsOn();
    switchFaultsOff();
    teardown();
    const deletes = FAULTS.map((url) => `DELETE ${url}`);
    const asked = sent.map((request) => `${request.method} ${request.url}`);
    assert.deepEqual(asked, [
      ...deletes,
      `GET ${GATEWAY}/products`,
      ...FAULTS.map((url) => `PUT ${url}`),
      ...deletes,
      ...deletes,
    ]);
    const specs = sent.filter((request) => request.method === 'PUT').map((request) => JSON.parse(request.body ?? ''));
    assert.deepEqual(specs[0].delay, { kind: 'fixed', ms: 400 });
    assert.deepEqual(specs[1].abort, { kind: 'status', status: 503 });
    // Ten seconds of load, a pause around it, and ten seconds more.
    assert.deepEqual(
      specs.map((spec) => spec.durationMs),
      [22_000, 22_000],
    );
    assert.deepEqual(aborts, []);
  });

  it('ends the test where a fault is not in force, since the rest would say nothing', async () => {
    const { switchFaultsOn, switchFaultsOff } = await loadScript(environment);
    answerAll('PUT', 202);
    switchFaultsOn();
    assert.match(
      aborts[0] ?? '',
      /PUT http:\/\/control\.test\/_lab\/faults\/k6-slow put no fault in force: bank is away/,
    );
    answerAll('DELETE', 500);
    switchFaultsOff();
    assert.match(aborts[1] ?? '', /DELETE .*k6-slow answered 500/);
  });

  it('shows a control on another machine its token', async () => {
    const { teardown } = await loadScript({ ...environment, LAB_CONTROL_TOKEN: 'open' });
    answerAll('DELETE', 200);
    teardown();
    assert.deepEqual(
      sent.map((request) => request.headers['authorization']),
      ['Bearer open', 'Bearer open'],
    );
  });

  it('does not start without a control', async () => {
    const { setup } = await loadScript(environment);
    assert.throws(setup, /DELETE .*k6-slow answered 0 connection refused: is the lab running/);
  });
});
