import { trace } from '@opentelemetry/api';
import { ApiError } from '@tracelab/command';
import { inSpan } from '../kit/in-span.ts';
import type { Peer } from '../kit/peer.ts';
import type { Log } from '../kit/route.ts';
import type { CacheReply } from '../kit/shop/shapes.ts';
import { computePrice } from './compute-price.ts';
import { DISCOUNTS } from './discounts.ts';
import type { ListPrice } from './price-list.ts';
import { PRICE_LIST } from './price-list.ts';

/** Short, so that a lab left running shows hits and misses alike. */
const PRICE_TTL_MS = 20_000;

/** A tier without a discount of its own pays what everybody pays, and shares everybody's cache entry. */
const EVERYBODY = 'everybody';

/** The price of one piece: from the cache, else computed and stored there. A cache that fails makes it slower, not wrong. */
export async function unitPriceCents(sku: string, tier: string, cache: Peer, log: Log): Promise<number> {
  const product = PRICE_LIST.find((product) => product.sku === sku);
  if (product === undefined) throw new ApiError('unknown_product', `the shop does not sell "${sku}"`);
  const key = `price:${sku}:${pricedTier(tier)}`;
  const cached = await lookUp(key, cache, log);
  if (cached !== undefined) return cached;
  const priceCents = await compute(product, pricedTier(tier));
  await store(key, priceCents, cache, log);
  return priceCents;
}

function pricedTier(tier: string): string {
  return DISCOUNTS.some((discount) => discount.tier === tier) ? tier : EVERYBODY;
}

function compute(product: ListPrice, tier: string): Promise<number> {
  return inSpan('compute price', { 'shop.sku': product.sku, 'shop.user.tier': tier }, (span) => {
    const { priceCents, discounts, combinationsTried } = computePrice(product, tier, DISCOUNTS);
    span.setAttributes({
      'pricing.discounts': discounts,
      'pricing.combinations_tried': combinationsTried,
      'pricing.price_cents': priceCents,
    });
    return priceCents;
  });
}

async function lookUp(key: string, cache: Peer, log: Log): Promise<number | undefined> {
  try {
    const reply = await cache.call<CacheReply>('GET', entryPath(key));
    return reply.hit && typeof reply.value === 'number' ? reply.value : undefined;
  } catch (error) {
    goOnWithout(error, log);
    return undefined;
  }
}

async function store(key: string, value: number, cache: Peer, log: Log): Promise<void> {
  try {
    await cache.call('PUT', entryPath(key), { value, ttlMs: PRICE_TTL_MS });
  } catch (error) {
    goOnWithout(error, log);
  }
}

function entryPath(key: string): string {
  return `/entries/${encodeURIComponent(key)}`;
}

function goOnWithout(error: unknown, log: Log): void {
  const reason = error instanceof Error ? error.message : String(error);
  trace.getActiveSpan()?.addEvent('went on without the cache', { reason });
  log.warn({ err: error }, 'went on without the cache');
}
