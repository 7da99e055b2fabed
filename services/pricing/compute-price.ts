import type { Discount } from './discounts.ts';
import type { ListPrice } from './price-list.ts';

export interface ComputedPrice {
  priceCents: number;
  /** The discounts that make it, by name. */
  discounts: string[];
  combinationsTried: number;
}

/**
 * The lowest price that the rules allow and that is not below the floor. Tries every combination of the discounts that the
 * tier may have: what comes off first changes what a share comes off, so no rule can be judged alone. This is the CPU work
 * of the shop, 2^13 or 2^14 combinations, and why prices are cached.
 */
export function computePrice(product: ListPrice, tier: string, discounts: readonly Discount[]): ComputedPrice {
  const usable = discounts.filter((discount) => discount.tier === undefined || discount.tier === tier);
  const rivals = usable.map((discount) => maskOf(usable, discount.group));
  const combinationsTried = 2 ** usable.length;
  let best = { priceCents: product.listCents, combination: 0 };
  for (let combination = 1; combination < combinationsTried; combination++) {
    const priceCents = applyCombination(product.listCents, combination, usable, rivals);
    if (priceCents !== undefined && priceCents >= product.floorCents && priceCents < best.priceCents) {
      best = { priceCents, combination };
    }
  }
  const used = usable.filter((_, index) => isIn(best.combination, index));
  return { priceCents: best.priceCents, discounts: used.map((discount) => discount.name), combinationsTried };
}

/** Undefined where two of one group are combined, or a discount is not allowed at what is left by then. */
function applyCombination(
  listCents: number,
  combination: number,
  usable: readonly Discount[],
  rivals: readonly number[],
): number | undefined {
  let cents = listCents;
  for (let index = 0; index < usable.length; index++) {
    const discount = usable[index];
    if (discount === undefined || !isIn(combination, index)) continue;
    const { percent = 0, cents: amount = 0, fromCents = 0 } = discount;
    if (cents < fromCents || (combination & (rivals[index] ?? 0)) !== 1 << index) return undefined;
    cents -= Math.round((cents * percent) / 100) + amount;
  }
  return cents;
}

function maskOf(discounts: readonly Discount[], group: string): number {
  return discounts.reduce((mask, discount, index) => (discount.group === group ? mask | (1 << index) : mask), 0);
}

function isIn(combination: number, index: number): boolean {
  return (combination & (1 << index)) !== 0;
}
