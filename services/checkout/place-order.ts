import type { CheckoutRequest, Order } from '@tracelab/protocol';
import { trace } from '@opentelemetry/api';
import { ApiError } from '@tracelab/command';
import type { Peer } from '../kit/peer.ts';
import type { Log } from '../kit/route.ts';
import type { Charge, ChargeRequest, Quote, QuoteRequest, ReservationRequest } from '../kit/shop/shapes.ts';

export interface OrderPeers {
  pricing: Peer;
  inventory: Peer;
  payments: Peer;
}

/**
 * Asks for prices and reserves the stock at the same time, then charges. Where a later step fails, the stock goes back to
 * the shelf and the caller gets the reason of the failure.
 */
export async function placeOrder(
  request: CheckoutRequest & { orderId: string },
  peers: OrderPeers,
  log: Log,
): Promise<Order> {
  const { orderId, user } = request;
  trace.getActiveSpan()?.setAttributes({ 'shop.order.id': orderId, 'shop.user.tier': user.tier });
  const quote = await quoteAndReserve(request, peers, log);
  const { currency, totalCents, lines } = quote;
  try {
    const charge: ChargeRequest = { orderId, userId: user.id, amountCents: totalCents, currency };
    await peers.payments.call<Charge>('POST', '/charges', charge);
  } catch (error) {
    await release(orderId, peers.inventory, log);
    throw error;
  }
  trace.getActiveSpan()?.setAttribute('shop.order.total_cents', totalCents);
  log.info({ orderId, totalCents }, 'order placed');
  return { orderId, totalCents, currency, lines };
}

async function quoteAndReserve(
  { orderId, cart, user }: CheckoutRequest & { orderId: string },
  { pricing, inventory }: OrderPeers,
  log: Log,
): Promise<Quote> {
  const quoteRequest: QuoteRequest = { lines: cart, tier: user.tier };
  const reservationRequest: ReservationRequest = { orderId, lines: cart };
  // Both are waited for whatever happens: stock reserved while pricing failed has to go back.
  const [quote, reservation] = await Promise.allSettled([
    pricing.call<Quote>('POST', '/quotes', quoteRequest),
    inventory.call('POST', '/reservations', reservationRequest),
  ]);
  if (quote.status === 'fulfilled' && reservation.status === 'fulfilled') return quote.value;
  if (reservation.status === 'fulfilled' || mayHaveHappened(reservation.reason)) await release(orderId, inventory, log);
  throw quote.status === 'rejected' ? quote.reason : (reservation as PromiseRejectedResult).reason;
}

/** After a time-out or a broken connection nobody knows whether the stock was reserved; a release does no harm either way. */
function mayHaveHappened(error: unknown): boolean {
  return error instanceof ApiError && (error.code === 'upstream_timeout' || error.code === 'upstream_failed');
}

/** Best effort: a failing release is said and must not hide why the order failed. */
async function release(orderId: string, inventory: Peer, log: Log): Promise<void> {
  try {
    await inventory.call('DELETE', `/reservations/${encodeURIComponent(orderId)}`);
    log.info({ orderId }, 'reservation released');
  } catch (error) {
    log.error({ orderId, err: error }, 'reservation could not be released');
  }
}
