import type { Order, Product } from '@tracelab/protocol';
import type { Peer } from '../kit/peer.ts';
import type { ServiceDefinition } from '../kit/service.ts';
import { readCheckoutRequest } from '../kit/shop/read-shop.ts';
import type { ListedPrice, StockedProduct } from '../kit/shop/shapes.ts';

/** The door of the shop: checks what comes in and hands it on. */
export const gateway: ServiceDefinition = {
  name: 'gateway',
  summary: 'The door of the shop: POST /checkout, GET /products.',
  peerTimeoutMs: { checkout: 12_000, inventory: 5_000, pricing: 5_000 },
  routes: ({ peer }) => [
    {
      method: 'POST',
      path: '/checkout',
      handle: ({ body }) => peer('checkout').call<Order>('POST', '/orders', readCheckoutRequest(body)),
    },
    { method: 'GET', path: '/products', handle: () => listProducts(peer('inventory'), peer('pricing')) },
  ],
};

/** What is both on the shelf and on the price list. */
async function listProducts(inventory: Peer, pricing: Peer): Promise<Product[]> {
  const [shelf, prices] = await Promise.all([
    inventory.call<StockedProduct[]>('GET', '/stock'),
    pricing.call<ListedPrice[]>('GET', '/prices'),
  ]);
  const priceBySku = new Map(prices.map(({ sku, priceCents }) => [sku, priceCents]));
  return shelf.flatMap(({ sku, name, stock }) => {
    const priceCents = priceBySku.get(sku);
    return priceCents === undefined ? [] : [{ sku, name, priceCents, stock }];
  });
}
