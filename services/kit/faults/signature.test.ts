/**
 * Goal: every fault shows its signature in the answers of a service, and only while it is there. Method: the whole shop in
 * this process; for each fault the request is sent before, during and after.
 */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { FaultSpec, InjectionsReply, ServiceName } from '@tracelab/protocol';
import type { TestShop } from '../shop/start-shop.test-kit.ts';
import { startShop } from '../shop/start-shop.test-kit.ts';
import { until } from '../../../test/until.ts';

const CHARGE = { reference: 'order-1', amountCents: 100, currency: 'EUR' };
const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const DELAY_MS = 150;
let shop: TestShop;

before(async () => {
  shop = await startShop();
});
after(() => shop.close());
beforeEach(async () => {
  await shop.send('bank', 'DELETE /_lab/faults');
  await shop.send('cache', 'DELETE /_lab/faults');
});

async function put(id: string, spec: FaultSpec): Promise<void> {
  const answer = await shop.send(spec.service, `PUT /_lab/faults/${id}`, spec);
  assert.equal(answer.status, 200, answer.text);
}

/** The outcome of a request: its status, or "reset". */
async function charge(headers: Record<string, string> = {}): Promise<number | 'reset'> {
  return shop.send('bank', 'POST /charge', CHARGE, headers).then(
    (answer) => answer.status,
    (error: Error) => {
      assert.match(String(error.cause), /ECONNRESET|other side closed/);
      return 'reset';
    },
  );
}

async function elapsedMs(act: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await act();
  return performance.now() - startMs;
}

async function injectionsOf(service: ServiceName, after = 0): Promise<InjectionsReply> {
  return (await shop.send(service, `GET /_lab/injections?after=${after}`)).body as InjectionsReply;
}

describe('a fault on the bank', () => {
  it('delays while it is there', async () => {
    await put('slow', { service: 'bank', route: '/charge', delay: { kind: 'fixed', ms: DELAY_MS } });
    // A timer may fire up to a millisecond early by this clock.
    assert.ok((await elapsedMs(charge)) >= DELAY_MS - 1);
    const start = (await injectionsOf('bank')).lastSequence;
    await shop.send('bank', 'DELETE /_lab/faults/slow');
    assert.equal(await charge(), 200);
    assert.equal((await injectionsOf('bank')).lastSequence, start, 'nothing is injected afterwards');
  });

  it('answers with an error status while it is there, in our error body', async () => {
    assert.equal(await charge(), 200);
    await put('failing', { service: 'bank', abort: { kind: 'status', status: 503 } });
    const answer = await shop.send('bank', 'POST /charge', CHARGE);
    assert.equal(answer.status, 503);
    assert.deepEqual(answer.body, {
      error: { code: 'overloaded', message: 'the lab failed this request on purpose (fault "failing")' },
    });
    await shop.send('bank', 'DELETE /_lab/faults');
    assert.equal(await charge(), 200);
  });

  it('resets the connection while it is there', async () => {
    assert.equal(await charge(), 200);
    await put('broken', { service: 'bank', abort: { kind: 'reset' } });
    assert.equal(await charge(), 'reset');
    await shop.send('bank', 'DELETE /_lab/faults/broken');
    assert.equal(await charge(), 200);
    assert.match(
      (await shop.send('bank', 'GET /metrics')).text,
      /route="\/charge",method="POST",status="closed"\} 1\b/,
    );
  });

  it('hits the same requests again for the same seed', async () => {
    const spec: FaultSpec = { service: 'bank', abort: { kind: 'status', status: 500 }, probability: 0.5, seed: 11 };
    const round = async (): Promise<(number | 'reset')[]> => {
      await put('coin', spec);
      const outcomes: (number | 'reset')[] = [];
      for (let index = 0; index < 12; index++) outcomes.push(await charge());
      return outcomes;
    };
    const first = await round();
    assert.deepEqual(new Set(first), new Set([200, 500]));
    assert.deepEqual(await round(), first);
  });

  it('ends by itself', async () => {
    await put('brief', { service: 'bank', abort: { kind: 'status', status: 500 }, durationMs: 1000 });
    assert.equal(await charge(), 500);
    shop.clock.nowUnixMs += 1000;
    assert.equal(await charge(), 200);
    assert.deepEqual((await shop.send('bank', 'GET /_lab/faults')).body, []);
  });

  it('hits only requests with the header, or the baggage member', async () => {
    await put('header', { service: 'bank', abort: { kind: 'status', status: 500 }, match: { header: 'x-shop' } });
    await put('baggage', {
      service: 'bank',
      abort: { kind: 'status', status: 503 },
      match: { baggage: 'tier', value: 'gold' },
    });
    assert.equal(await charge(), 200);
    assert.equal(await charge({ 'x-shop': 'yes' }), 500);
    assert.equal(await charge({ baggage: 'a=b,tier=gold' }), 503);
    assert.equal(await charge({ baggage: 'tier=free' }), 200);
  });

  it('is recorded with the ids of the traceparent and read on without loss', async () => {
    const { lastSequence } = await injectionsOf('bank');
    await put('failing', { service: 'bank', abort: { kind: 'status', status: 500 } });
    await charge({ traceparent: TRACEPARENT });
    await charge();
    const reply = await injectionsOf('bank', lastSequence);
    const common = { faultId: 'failing', service: 'bank', route: '/charge', timeUnixMs: shop.clock.nowUnixMs };
    const abort = { kind: 'status', status: 500 };
    const traced = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
    assert.deepEqual(reply.injections, [
      { sequence: lastSequence + 1, ...common, ...traced, abort },
      { sequence: lastSequence + 2, ...common, traceId: '', spanId: '', abort },
    ]);
    assert.deepEqual((await injectionsOf('bank', reply.lastSequence)).injections, []);
  });

  it('never touches health, metrics and control', async () => {
    await put('all', { service: 'bank', route: '*', abort: { kind: 'reset' } });
    for (const path of ['/healthz', '/metrics', '/_lab/state', '/_lab/faults']) {
      assert.equal((await shop.send('bank', `GET ${path}`)).status, 200, path);
    }
  });

  it('lets a delayed request go when its client does', async () => {
    const { lastSequence } = await injectionsOf('bank');
    await put('stuck', { service: 'bank', delay: { kind: 'fixed', ms: 60_000 } });
    const client = new AbortController();
    const sent = fetch(`${shop.urlOf('bank')}/charge`, { method: 'POST', signal: client.signal });
    await until('the delay has begun', async () => (await injectionsOf('bank')).lastSequence > lastSequence);
    const closed = async (): Promise<boolean> =>
      /route="\/charge",method="POST",status="closed"\} 2\b/.test((await shop.send('bank', 'GET /metrics')).text);
    client.abort();
    await assert.rejects(sent, /aborted/);
    await until('the delay has ended with its client', closed);
  });
});

describe('a fault on a service further down', () => {
  it('on a cache that fails makes the shop slower, not wrong', async () => {
    await put('no-cache', { service: 'cache', route: '/entries/*', abort: { kind: 'status', status: 500 } });
    const cart = { cart: [{ sku: 'mug', quantity: 1 }], user: { id: 'u', tier: 'free' } };
    const answer = await shop.send('gateway', 'POST /checkout', cart);
    assert.equal(answer.status, 200, answer.text);
  });

  it('is named by the answer of the gateway', async () => {
    await put('failing', { service: 'bank', abort: { kind: 'status', status: 500 } });
    const cart = { cart: [{ sku: 'mug', quantity: 1 }], user: { id: 'u', tier: 'free' } };
    const answer = await shop.send('gateway', 'POST /checkout', cart);
    assert.equal(answer.status, 502);
    assert.match(answer.text, /"upstream_failed","message":"bank answered 500: the lab failed this request on purpose/);
  });
});
