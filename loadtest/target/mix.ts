import type { CheckoutRequest } from '@tracelab/protocol';
import { randomBelow, type Random } from './random.ts';

// This file and random.ts also run inside k6, which knows neither npm packages nor node: modules. Types are erased there.

/** Share of carts by their number of lines: most buy one thing, few buy many. Sums to 1. */
export const CART_SIZES: readonly (readonly [lines: number, share: number])[] = [
  [1, 0.5],
  [2, 0.25],
  [3, 0.15],
  [5, 0.1],
];

/** Share of users by tier. Sums to 1. */
export const USER_TIERS: readonly (readonly [tier: string, share: number])[] = [
  ['free', 0.7],
  ['plus', 0.25],
  ['gold', 0.05],
];

const USERS = 1000;
export const LINE_QUANTITY_MAX = 3;

/**
 * One shopper's checkout: a cart of different skus out of those the shop sells, for one of 1,000 users, who each keep
 * their tier. Throws a RangeError where the shop sells nothing.
 */
export function drawCheckout(skus: readonly string[], random: Random): CheckoutRequest {
  if (skus.length === 0) throw new RangeError('a cart needs at least one sku: the shop sells none');
  const lines = Math.min(drawByShare(CART_SIZES, random), skus.length);
  const wanted = new Set<string>();
  while (wanted.size < lines) wanted.add(skus[randomBelow(skus.length, random)] as string);
  const cart = [...wanted].map((sku) => ({ sku, quantity: 1 + randomBelow(LINE_QUANTITY_MAX, random) }));
  const user = randomBelow(USERS, random);
  return { cart, user: { id: `user-${user}`, tier: tierOf(user) } };
}

function tierOf(user: number): string {
  return byShare(USER_TIERS, user / USERS);
}

function drawByShare<Value>(shares: readonly (readonly [Value, number])[], random: Random): Value {
  return byShare(shares, random());
}

/** The value whose slice of [0, 1) the point falls into; rounding may leave a point beyond the last slice, which keeps it. */
function byShare<Value>(shares: readonly (readonly [Value, number])[], point: number): Value {
  let upTo = 0;
  for (const [value, share] of shares) {
    upTo += share;
    if (point < upTo) return value;
  }
  return (shares.at(-1) as readonly [Value, number])[0];
}
