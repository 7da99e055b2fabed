/** Goal: the business of the shop over HTTP. Method: all services in this process, each on a port of its own. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Order, Product } from '@tracelab/protocol';
import { PRICE_LIST } from './pricing/price-list.ts';
import type { Answer, TestShop } from './kit/shop/start-shop.test-kit.ts';
import { startShop } from './kit/shop/start-shop.test-kit.ts';

let shop: TestShop;
before(async () => {
  shop = await startShop();
});
after(() => shop.close());

function checkout(sku: string, quantity: number, tier = 'free'): Promise<Answer> {
  return shop.send('gateway', 'POST /checkout', { cart: [{ sku, quantity }], user: { id: 'ada', tier } });
}

async function products(): Promise<Product[]> {
  return (await shop.send('gateway', 'GET /products')).body as Product[];
}

async function stockOf(sku: string): Promise<number> {
  return (await products()).find((product) => product.sku === sku)?.stock ?? Number.NaN;
}

async function cacheWrites(): Promise<number> {
  const metrics = (await shop.send('cache', 'GET /metrics')).text;
  return Number(/route="\/entries\/:key",method="PUT",status="200"\} (\d+)/.exec(metrics)?.[1] ?? 0);
}

describe('the shop', () => {
  it('lists what it sells with price and stock', async () => {
    const list = await products();
    assert.deepEqual(list.map((product) => product.sku).sort(), PRICE_LIST.map((product) => product.sku).sort());
    for (const { name, priceCents, stock } of list) assert.ok(name !== '' && priceCents > 0 && stock > 0);
  });

  it('sells: an order with its total, and less on the shelf', async () => {
    const before = await stockOf('teapot');
    const answer = await checkout('teapot', 3);
    assert.equal(answer.status, 200, answer.text);
    const { orderId, totalCents, currency, lines } = answer.body as Order;
    assert.match(orderId, /^[0-9a-f-]{36}$/);
    const unitPriceCents = lines[0]?.unitPriceCents ?? 0;
    assert.deepEqual(lines, [{ sku: 'teapot', quantity: 3, unitPriceCents }]);
    assert.deepEqual([totalCents, currency], [3 * unitPriceCents, 'EUR']);
    assert.equal(await stockOf('teapot'), before - 3);
    assert.equal((await shop.send('payments', `GET /charges/${orderId}`)).status, 200);
  });

  it('computes a price once and takes it from the cache then', async () => {
    const first = await cacheWrites();
    const bought = (await checkout('lamp', 1, 'gold')).body as Order;
    const afterFirst = await cacheWrites();
    assert.deepEqual(((await checkout('lamp', 1, 'gold')).body as Order).lines, bought.lines);
    assert.deepEqual([afterFirst - first, (await cacheWrites()) - afterFirst], [1, 0]);
  });

  it('is cheaper for gold members', async () => {
    const [free, gold] = [(await checkout('lamp', 1)).body as Order, (await checkout('lamp', 1, 'gold')).body as Order];
    assert.ok(gold.totalCents < free.totalCents);
  });

  it('refuses what no shelf holds with 409 and the reason, and reserves nothing', async () => {
    const before = await stockOf('moon-rock');
    const answer = await checkout('moon-rock', 50);
    assert.equal(answer.status, 409);
    const message = `moon-rock: 50 wanted, ${before} in stock; the shelf holds 12 when it is full`;
    assert.deepEqual(answer.body, { error: { code: 'out_of_stock', message } });
    assert.equal(await stockOf('moon-rock'), before);
  });

  it('gives the stock back when the bank declines', async () => {
    const before = await stockOf('backpack');
    const answer = await checkout('backpack', 100);
    assert.equal(answer.status, 402);
    assert.match(
      answer.text,
      /"payment_declined","message":"the bank declined \d+\.\d\d EUR: the card's limit is 5000\.00"/,
    );
    assert.equal(await stockOf('backpack'), before);
  });

  it('does not know what it does not sell', async () => {
    const answer = await checkout('sun', 1);
    assert.equal(answer.status, 404);
    assert.match(answer.text, /"unknown_product","message":"the shop does not sell \\"sun\\""/);
  });

  it('restocks itself: the thirtieth moon rock sells like the first', async () => {
    for (let sold = 0; sold < 10; sold++) assert.equal((await checkout('moon-rock', 3)).status, 200);
  });

  const malformed: readonly [string, unknown, RegExp][] = [
    ['no JSON', '{"cart":', /the body should be JSON/],
    ['a list', [], /the body should be an object: was a list of 0/],
    ['no cart', { user: { id: 'a', tier: 'b' } }, /cart should be a list: was absent/],
    ['an empty cart', { cart: [], user: { id: 'a', tier: 'b' } }, /cart should have 1 to 50 entries: has 0/],
    [
      'half a mug',
      { cart: [{ sku: 'mug', quantity: 0.5 }], user: { id: 'a', tier: 'b' } },
      /cart\[0\]\.quantity should be a whole number from 1 to 100: was 0\.5/,
    ],
    [
      'an endless sku',
      { cart: [{ sku: 'm'.repeat(99), quantity: 1 }], user: { id: 'a', tier: 'b' } },
      /cart\[0\]\.sku should be text of 1 to 64 characters: was .*… \(101 characters\)/,
    ],
    ['no user', { cart: [{ sku: 'mug', quantity: 1 }] }, /user should be an object: was absent/],
  ];
  for (const [what, body, message] of malformed) {
    it(`answers ${what} with 400 and what is allowed`, async () => {
      const answer = await shop.send('gateway', 'POST /checkout', body);
      assert.equal(answer.status, 400);
      assert.match((answer.body as { error: { message: string } }).error.message, message);
    });
  }

  it('answers unknown routes and methods clearly, on every service', async () => {
    assert.equal((await shop.send('pricing', 'GET /nowhere')).status, 404);
    assert.equal((await shop.send('bank', 'GET /charge')).status, 405);
  });

  it('shows requests by route and status in OpenMetrics', async () => {
    const { text } = await shop.send('gateway', 'GET /metrics');
    assert.match(text, /tracelab_service_requests_total\{route="\/checkout",method="POST",status="200"\} \d+/);
    assert.match(text, /tracelab_service_request_duration_seconds_bucket\{le="0\.001",route="\/checkout"/);
    assert.match(text, /# EOF\s*$/);
  });
});
