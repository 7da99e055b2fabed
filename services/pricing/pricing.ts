import type { CartLine, PricedLine } from '@tracelab/protocol';
import type { Peer } from '../kit/peer.ts';
import { readObject } from '../kit/read.ts';
import type { Log, RouteRequest } from '../kit/route.ts';
import type { ServiceDefinition } from '../kit/service.ts';
import { readLines, readName } from '../kit/shop/read-shop.ts';
import type { ListedPrice, Quote } from '../kit/shop/shapes.ts';
import { unitPriceCents } from './price-book.ts';
import { CURRENCY, PRICE_LIST } from './price-list.ts';

/** Says what things cost. */
export const pricing: ServiceDefinition = {
  name: 'pricing',
  summary: 'Computes prices, and keeps them in the cache.',
  peerTimeoutMs: { cache: 2_000 },
  routes: ({ peer }) => {
    const cache = peer('cache');
    return [
      { method: 'GET', path: '/prices', handle: ({ log }) => listPrices(cache, log) },
      { method: 'POST', path: '/quotes', handle: (request) => quote(request, cache) },
    ];
  },
};

function listPrices(cache: Peer, log: Log): Promise<ListedPrice[]> {
  return Promise.all(
    PRICE_LIST.map(async ({ sku }) => ({ sku, priceCents: await unitPriceCents(sku, '', cache, log) })),
  );
}

async function quote({ body, log }: RouteRequest, cache: Peer): Promise<Quote> {
  const request = readObject(body, 'the body');
  const tier = readName(request['tier'], 'tier');
  const lines = await priceLines(readLines(request['lines'], 'lines'), (sku) => unitPriceCents(sku, tier, cache, log));
  const totalCents = lines.reduce((sum, line) => sum + line.quantity * line.unitPriceCents, 0);
  return { currency: CURRENCY, totalCents, lines };
}

/** Each product is looked up once, all of them at the same time. */
async function priceLines(
  lines: readonly CartLine[],
  priceOf: (sku: string) => Promise<number>,
): Promise<PricedLine[]> {
  const skus = [...new Set(lines.map((line) => line.sku))];
  const priceBySku = new Map(await Promise.all(skus.map(async (sku) => [sku, await priceOf(sku)] as const)));
  return lines.map((line) => ({ ...line, unitPriceCents: priceBySku.get(line.sku) ?? 0 }));
}
