import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ApiError } from '@tracelab/command';
import * as fc from 'fast-check';
import { SHELVES } from './catalogue.ts';
import type { Stock } from './stock.ts';
import { openStock, RESERVATIONS_MAX } from './stock.ts';

const SHELF = { sku: 'mug', name: 'Mug', capacity: 100, restockBelow: 10 };
const TEA = { sku: 'tea', name: 'Tea', capacity: 50, restockBelow: 5 };

function inStock(stock: Stock, sku = 'mug'): number | undefined {
  return stock.list().find((product) => product.sku === sku)?.stock;
}

function order(orderId: string, ...lines: [sku: string, quantity: number][]): Parameters<Stock['reserve']>[0] {
  return { orderId, lines: lines.map(([sku, quantity]) => ({ sku, quantity })) };
}

describe('the stock', () => {
  it('decreases by what is reserved, lines of one sku together', () => {
    const stock = openStock([SHELF, TEA]);
    assert.deepEqual(stock.reserve(order('a', ['mug', 2], ['tea', 1], ['mug', 3])), []);
    assert.deepEqual([inStock(stock), inStock(stock, 'tea')], [95, 49]);
  });

  it('changes nothing for an order that does not fit, and says which line and why', () => {
    const stock = openStock([SHELF, TEA]);
    assert.throws(
      () => stock.reserve(order('a', ['mug', 2], ['tea', 51])),
      (error: unknown) =>
        error instanceof ApiError &&
        error.code === 'out_of_stock' &&
        error.message === 'tea: 51 wanted, 50 in stock; the shelf holds 50 when it is full',
    );
    assert.deepEqual([inStock(stock), inStock(stock, 'tea')], [100, 50]);
    assert.equal(stock.release('a'), false);
  });

  it('knows what it does not sell', () => {
    const stock = openStock([SHELF]);
    assert.throws(() => stock.reserve(order('a', ['sun', 1])), { code: 'unknown_product' });
    assert.equal(inStock(stock), 100);
  });

  it('fills a shelf up before it falls below its mark, and says so', () => {
    const stock = openStock([SHELF]);
    assert.deepEqual(stock.reserve(order('a', ['mug', 90])), []);
    assert.equal(inStock(stock), 10);
    assert.deepEqual(
      stock.reserve(order('b', ['mug', 1])).map((restocked) => ({ ...restocked })),
      [{ sku: 'mug', stock: 100 }],
    );
    assert.equal(inStock(stock), 99);
  });

  it('reserves an order once', () => {
    const stock = openStock([SHELF]);
    stock.reserve(order('a', ['mug', 5]));
    stock.reserve(order('a', ['mug', 5]));
    assert.equal(inStock(stock), 95);
  });

  it('puts an order back once, never above the shelf', () => {
    const stock = openStock([SHELF]);
    stock.reserve(order('a', ['mug', 95]));
    assert.deepEqual([stock.release('a'), stock.release('a'), inStock(stock)], [true, false, 100]);
    stock.reserve(order('b', ['mug', 60]));
    stock.reserve(order('c', ['mug', 40]));
    stock.release('b');
    assert.equal(inStock(stock), 100);
  });

  it('refuses an order that arrives after its release', () => {
    const stock = openStock([SHELF]);
    assert.equal(stock.release('late'), false);
    assert.throws(() => stock.reserve(order('late', ['mug', 5])), /released before it was reserved/);
    assert.equal(inStock(stock), 100);
  });

  it('forgets reservations beyond its bound', () => {
    const stock = openStock([SHELF]);
    for (let number = 0; number <= RESERVATIONS_MAX; number++) stock.reserve(order(`order-${number}`, ['mug', 1]));
    // The release of an order that is not known takes a place of its own.
    assert.equal(stock.release('order-0'), false);
    assert.equal(stock.release('order-2'), true);
  });

  it('never refuses an order that fits a shelf, however long the shop is open', () => {
    const anyOrder = fc.array(
      fc
        .constantFrom(...SHELVES)
        .chain(({ sku, capacity }) =>
          fc.integer({ min: 1, max: capacity }).map((quantity) => [sku, quantity] as [string, number]),
        ),
      { minLength: 1, maxLength: 1 },
    );
    fc.assert(
      fc.property(fc.array(anyOrder, { maxLength: 60 }), (orders) => {
        const stock = openStock(SHELVES);
        for (const [index, lines] of orders.entries()) {
          stock.reserve(order(`order-${index}`, ...lines));
          for (const { stock: left } of stock.list()) assert.ok(left >= 0);
        }
      }),
      { numRuns: 30 },
    );
  });
});
