import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { CART_SIZES, drawCheckout, LINE_QUANTITY_MAX, USER_TIERS } from './mix.ts';
import { seededRandom } from '../seeded-random.ts';
import { randomBelow } from './random.ts';

const skuLists = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 20 });

describe('drawCheckout', () => {
  it('sells only what is in the catalogue, each sku once, in allowed quantities', () => {
    fc.assert(
      fc.property(skuLists, fc.integer(), (skus, seed) => {
        const { cart } = drawCheckout(skus, seededRandom(seed));
        assert.ok(cart.length >= 1 && cart.length <= skus.length);
        assert.equal(new Set(cart.map((line) => line.sku)).size, cart.length);
        for (const line of cart) {
          assert.ok(skus.includes(line.sku));
          assert.ok(Number.isInteger(line.quantity) && line.quantity >= 1 && line.quantity <= LINE_QUANTITY_MAX);
        }
      }),
    );
  });

  it('repeats itself with the same seed', () => {
    const draw = () =>
      Array.from(
        { length: 5 },
        (
          (random) => () =>
            drawCheckout(['a', 'b', 'c'], random)
        )(seededRandom(7)),
      );
    assert.deepEqual(draw(), draw());
  });

  it('follows the shares of cart sizes and tiers', () => {
    const random = seededRandom(1);
    const skus = Array.from({ length: 40 }, (_, n) => `sku-${n}`);
    const drawn = Array.from({ length: 10_000 }, () => drawCheckout(skus, random));
    for (const [lines, share] of CART_SIZES) {
      assert.ok(Math.abs(drawn.filter((order) => order.cart.length === lines).length / drawn.length - share) < 0.02);
    }
    for (const [tier, share] of USER_TIERS) {
      assert.ok(Math.abs(drawn.filter((order) => order.user.tier === tier).length / drawn.length - share) < 0.02);
    }
  });

  it('keeps a user in one tier', () => {
    const random = seededRandom(3);
    const tierByUser = new Map<string, string>();
    for (let n = 0; n < 5000; n++) {
      const { user } = drawCheckout(['a'], random);
      assert.equal(tierByUser.get(user.id) ?? user.tier, user.tier);
      tierByUser.set(user.id, user.tier);
    }
  });

  it('refuses an empty catalogue', () => {
    assert.throws(() => drawCheckout([], Math.random), /the shop sells none/);
  });
});

describe('random', () => {
  it('stays in [0, 1) and fills it evenly', () => {
    const random = seededRandom(99);
    const tenths = Array.from({ length: 10 }, () => 0);
    for (let n = 0; n < 50_000; n++) {
      const value = random();
      assert.ok(value >= 0 && value < 1);
      tenths[Math.floor(value * 10)]! += 1;
    }
    for (const count of tenths) assert.ok(Math.abs(count - 5000) < 300);
  });

  it('draws whole numbers below a bound', () => {
    const random = seededRandom(5);
    assert.ok(Array.from({ length: 100 }, () => randomBelow(3, random)).every((value) => value >= 0 && value < 3));
  });
});
