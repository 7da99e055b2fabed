import { SpanKind } from '@tracelab/protocol';
import type { TracesData } from '@tracelab/protocol';
import { makeTrace } from './make-trace.ts';
import type { SpanSketch } from './make-trace.ts';

export interface CheckoutOptions {
  seed: number;
  startTimeUnixNano: bigint;
  /** The bank's share, 870 ms in the story; everything after it moves along. */
  bankMs: number;
  /** What the bank's client span fails with; absent: it does not. */
  bankError?: string;
}

const { server, client, internal } = SpanKind;

/** The story's request: gateway, checkout, pricing (with its cache), inventory (with its SQL), payments and the bank. */
export function checkoutTrace(options: CheckoutOptions): TracesData {
  return makeTrace(options, sketchCheckout(options));
}

function sketchCheckout({ bankMs, bankError }: CheckoutOptions): SpanSketch[] {
  const status: Partial<SpanSketch> = bankError === undefined ? {} : { error: bankError };
  const code = bankError === undefined ? 200n : 502n;
  const http = (method: string, route: string) => ({
    'http.request.method': method,
    'http.route': route,
    'http.response.status_code': code,
    'url.scheme': 'http',
    'network.protocol.version': '1.1',
  });
  return [
    {
      service: 'gateway',
      name: 'POST /checkout',
      parent: -1,
      startMs: 0,
      durationMs: bankMs + 330,
      kind: server,
      ...status,
      attributes: {
        ...http('POST', '/checkout'),
        'user.tier': 'gold',
        'server.address': '127.0.0.1',
        'server.port': 4600n,
        'client.address': '127.0.0.1',
      },
    },
    {
      service: 'gateway',
      name: 'POST',
      parent: 0,
      startMs: 4.2,
      durationMs: bankMs + 321,
      kind: client,
      ...status,
      attributes: http('POST', '/orders'),
    },
    {
      service: 'checkout',
      name: 'POST /orders',
      parent: 1,
      startMs: 6.1,
      durationMs: bankMs + 316,
      kind: server,
      ...status,
      attributes: http('POST', '/orders'),
    },
    {
      service: 'checkout',
      name: 'POST',
      parent: 2,
      startMs: 9.7,
      durationMs: 118.4,
      kind: client,
      attributes: http('POST', '/quote'),
    },
    {
      service: 'pricing',
      name: 'POST /quote',
      parent: 3,
      startMs: 12.3,
      durationMs: 112.9,
      kind: server,
      attributes: http('POST', '/quote'),
    },
    {
      service: 'pricing',
      name: 'compute discount',
      parent: 4,
      startMs: 20.05,
      durationMs: 84.6,
      kind: internal,
      attributes: { 'cart.lines': 3n, 'discount.rules': 1200n },
    },
    {
      service: 'cache',
      name: 'GET /entries/:key',
      parent: 4,
      startMs: 13.9,
      durationMs: 0.412,
      kind: server,
      attributes: { 'cache.hit': false, 'cache.key': 'price:sku-7' },
    },
    {
      service: 'checkout',
      name: 'POST',
      parent: 2,
      startMs: 131.5,
      durationMs: 61.2,
      kind: client,
      attributes: http('POST', '/reservations'),
    },
    {
      service: 'inventory',
      name: 'POST /reservations',
      parent: 7,
      startMs: 133.2,
      durationMs: 57.1,
      kind: server,
      attributes: http('POST', '/reservations'),
    },
    {
      service: 'inventory',
      name: 'UPDATE products',
      parent: 8,
      startMs: 140.8,
      durationMs: 0.0873,
      kind: client,
      attributes: {
        'db.system.name': 'sqlite',
        'db.query.text': 'UPDATE products SET stock = stock - ? WHERE sku = ? AND stock >= ?',
        'db.operation.name': 'UPDATE',
      },
    },
    {
      service: 'checkout',
      name: 'POST',
      parent: 2,
      startMs: 195.3,
      durationMs: bankMs + 118,
      kind: client,
      ...status,
      attributes: http('POST', '/payments'),
    },
    {
      service: 'payments',
      name: 'POST /payments',
      parent: 10,
      startMs: 198,
      durationMs: bankMs + 111,
      kind: server,
      ...status,
      attributes: http('POST', '/payments'),
    },
    {
      service: 'payments',
      name: 'POST bank',
      parent: 11,
      startMs: 242.6,
      durationMs: bankMs,
      kind: client,
      ...status,
      attributes: { ...http('POST', '/charge'), 'server.address': 'bank-api', 'server.port': 4606n },
      events: bankEvents(bankMs, bankError),
    },
  ];
}

function bankEvents(bankMs: number, error: string | undefined): NonNullable<SpanSketch['events']> {
  const sent = { name: 'request sent', atMs: 243.1 };
  if (error === undefined) return [sent];
  return [
    sent,
    {
      name: 'exception',
      atMs: 242 + bankMs,
      attributes: {
        'exception.type': 'UpstreamError',
        'exception.message': error,
        'exception.stacktrace': `UpstreamError: ${error}\n    at charge (payments/charge.ts:41:11)`,
      },
    },
  ];
}
