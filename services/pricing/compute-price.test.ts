import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { computePrice } from './compute-price.ts';
import type { Discount } from './discounts.ts';
import { DISCOUNTS } from './discounts.ts';
import { PRICE_LIST } from './price-list.ts';

const PRODUCT = { sku: 'thing', listCents: 10_000, floorCents: 5000 };

describe('computePrice', () => {
  it('takes the better of two discounts of one group', () => {
    const rivals: Discount[] = [
      { name: 'share', group: 'g', percent: 5 },
      { name: 'amount', group: 'g', cents: 700 },
    ];
    assert.deepEqual(computePrice(PRODUCT, 'any', rivals), {
      priceCents: 9300,
      discounts: ['amount'],
      combinationsTried: 4,
    });
  });

  it('combines groups in the order of the table', () => {
    const both: Discount[] = [
      { name: 'amount', group: 'a', cents: 1000 },
      { name: 'share', group: 'b', percent: 10 },
    ];
    assert.equal(computePrice(PRODUCT, 'any', both).priceCents, 8100);
  });

  it('leaves a discount out that would cost the use of a better one', () => {
    const both: Discount[] = [
      { name: 'small', group: 'a', cents: 1 },
      { name: 'big', group: 'b', cents: 900, fromCents: 10_000 },
    ];
    assert.deepEqual(computePrice(PRODUCT, 'any', both).discounts, ['big']);
  });

  it('does not sell below the floor', () => {
    const deep: Discount[] = [{ name: 'deep', group: 'a', percent: 60 }];
    assert.equal(computePrice(PRODUCT, 'any', deep).priceCents, 10_000);
  });

  it('gives a tier its own discounts', () => {
    const gold: Discount[] = [{ name: 'gold', group: 'a', percent: 10, tier: 'gold' }];
    assert.equal(computePrice(PRODUCT, 'gold', gold).priceCents, 9000);
    assert.equal(computePrice(PRODUCT, 'free', gold).priceCents, 10_000);
  });

  it('stays between floor and list price for everything the shop sells, and repeats', () => {
    fc.assert(
      fc.property(fc.constantFrom(...PRICE_LIST), fc.constantFrom('free', 'plus', 'gold'), (product, tier) => {
        const price = computePrice(product, tier, DISCOUNTS);
        assert.ok(price.priceCents >= product.floorCents && price.priceCents <= product.listCents);
        assert.deepEqual(computePrice(product, tier, DISCOUNTS), price);
      }),
      { numRuns: 10 },
    );
  });
});
