import type { CartLine, PricedLine } from '@tracelab/protocol';

/** What the services of the shop say to each other; what the shop says to the world is in protocol/api/shop.ts. */

/** pricing, `POST /quotes`. */
export interface QuoteRequest {
  lines: CartLine[];
  tier: string;
}

export interface Quote {
  currency: string;
  totalCents: number;
  lines: PricedLine[];
}

/** pricing, `GET /prices`: what a user of no special tier pays. */
export interface ListedPrice {
  sku: string;
  priceCents: number;
}

/** inventory, `POST /reservations`; `DELETE /reservations/:orderId` puts it back. */
export interface ReservationRequest {
  orderId: string;
  lines: CartLine[];
}

/** inventory, `GET /stock`. */
export interface StockedProduct {
  sku: string;
  name: string;
  stock: number;
}

/** payments, `POST /charges`. */
export interface ChargeRequest {
  orderId: string;
  userId: string;
  amountCents: number;
  currency: string;
}

export interface Charge extends ChargeRequest {
  /** The bank's name for it. */
  authorizationId: string;
}

/** cache, `GET /entries/:key`: a miss is an answer, not a 404, so that no trace shows an error where nothing went wrong. */
export type CacheReply = { hit: true; value: unknown } | { hit: false };
