import { randomUUID } from 'node:crypto';
import type { ServiceDefinition } from '../kit/service.ts';
import { readCheckoutRequest } from '../kit/shop/read-shop.ts';
import { placeOrder } from './place-order.ts';

/** Turns a cart into an order: price and stock first, then the money. */
export const checkout: ServiceDefinition = {
  name: 'checkout',
  summary: 'Turns a cart into an order.',
  peerTimeoutMs: { pricing: 5_000, inventory: 5_000, payments: 8_000 },
  routes: ({ peer }) => {
    const peers = { pricing: peer('pricing'), inventory: peer('inventory'), payments: peer('payments') };
    return [
      {
        method: 'POST',
        path: '/orders',
        handle: ({ body, log }) => placeOrder({ orderId: randomUUID(), ...readCheckoutRequest(body) }, peers, log),
      },
    ];
  },
};
