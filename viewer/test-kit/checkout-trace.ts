import { LOOPBACK_HOST, PORTS, SpanKind } from '@tracelab/protocol';
import type { ServiceName, TracesData } from '@tracelab/protocol';
import { inOneList, makeTrace } from './make-trace.ts';
import type { NestedSketch, SpanSketch } from './make-trace.ts';

export interface CheckoutOptions {
  seed: number;
  startTimeUnixNano: bigint;
  /** The bank's share, 870 ms in the story; whatever waits for it takes longer with it. */
  bankMs: number;
  /** What the bank's client span fails with, and whatever waits for it; absent: nothing fails. */
  bankError?: string;
}

/** The story's request: gateway, checkout, pricing (with its cache), inventory (with its SQL), payments and the bank. */
export function checkoutTrace(options: CheckoutOptions): TracesData {
  return makeTrace(options, inOneList(gatewaySpan(options)));
}

function gatewaySpan(options: CheckoutOptions): NestedSketch {
  const outgoing = call('gateway', 'checkout', '/orders', waiting(options, 4.2, 321));
  const incoming = serve('gateway', '/checkout', waiting(options, 0, 330));
  return {
    ...incoming,
    attributes: { ...incoming.attributes, 'user.tier': 'gold', 'client.address': LOOPBACK_HOST },
    children: [{ ...outgoing, children: [checkoutSpan(options)] }],
  };
}

function checkoutSpan(options: CheckoutOptions): NestedSketch {
  const quote = call('checkout', 'pricing', '/quote', { startMs: 9.7, durationMs: 118.4 });
  const reservation = call('checkout', 'inventory', '/reservations', { startMs: 131.5, durationMs: 61.2 });
  const payment = call('checkout', 'payments', '/payments', waiting(options, 195.3, 118));
  return {
    ...serve('checkout', '/orders', waiting(options, 6.1, 316)),
    children: [
      { ...quote, children: [pricingSpan()] },
      { ...reservation, children: [inventorySpan()] },
      { ...payment, children: [paymentsSpan(options)] },
    ],
  };
}

function pricingSpan(): NestedSketch {
  return {
    ...serve('pricing', '/quote', { startMs: 12.3, durationMs: 112.9 }),
    children: [
      {
        service: 'pricing',
        name: 'compute discount',
        startMs: 20.05,
        durationMs: 84.6,
        attributes: { 'cart.lines': 3n, 'discount.rules': 1200n },
      },
      {
        service: 'cache',
        name: 'GET /entries/:key',
        startMs: 13.9,
        durationMs: 0.412,
        kind: SpanKind.server,
        attributes: { 'cache.hit': false, 'cache.key': 'price:sku-7' },
      },
    ],
  };
}

function inventorySpan(): NestedSketch {
  const statement: NestedSketch = {
    service: 'inventory',
    name: 'UPDATE products',
    startMs: 140.8,
    durationMs: 0.0873,
    kind: SpanKind.client,
    attributes: {
      'db.system.name': 'sqlite',
      'db.query.text': 'UPDATE products SET stock = stock - ? WHERE sku = ? AND stock >= ?',
      'db.operation.name': 'UPDATE',
    },
  };
  return { ...serve('inventory', '/reservations', { startMs: 133.2, durationMs: 57.1 }), children: [statement] };
}

function paymentsSpan(options: CheckoutOptions): NestedSketch {
  const charge = call('payments', 'bank', '/charge', waiting(options, 242.6, 0));
  return {
    ...serve('payments', '/payments', waiting(options, 198, 111)),
    children: [{ ...charge, name: 'POST bank', events: bankEvents(options) }],
  };
}

/** When a span was, and what it failed with. */
type Course = Pick<NestedSketch, 'startMs' | 'durationMs' | 'error'>;

/** The course of a span that waits for the bank, and takes `moreMs` for the rest. */
function waiting({ bankMs, bankError }: CheckoutOptions, startMs: number, moreMs: number): Course {
  return { startMs, durationMs: bankMs + moreMs, ...(bankError === undefined ? {} : { error: bankError }) };
}

function serve(service: ServiceName, route: string, course: Course): NestedSketch {
  return {
    service,
    name: `POST ${route}`,
    kind: SpanKind.server,
    ...course,
    attributes: { ...httpAttributes(course), 'http.route': route, 'url.scheme': 'http' },
  };
}

/** A client span, named and described as the stable HTTP conventions have it: the route is the server's knowledge. */
function call(service: ServiceName, peer: ServiceName, path: string, course: Course): NestedSketch {
  const { port } = PORTS[peer];
  return {
    service,
    name: 'POST',
    kind: SpanKind.client,
    ...course,
    attributes: {
      ...httpAttributes(course),
      'server.address': LOOPBACK_HOST,
      'server.port': BigInt(port),
      'url.full': `http://${LOOPBACK_HOST}:${port}${path}`,
    },
  };
}

function httpAttributes({ error }: Course): NonNullable<SpanSketch['attributes']> {
  return {
    'http.request.method': 'POST',
    'http.response.status_code': error === undefined ? 200n : 502n,
    'network.protocol.version': '1.1',
  };
}

function bankEvents({ bankMs, bankError }: CheckoutOptions): NonNullable<SpanSketch['events']> {
  const sent = { name: 'request sent', atMs: 243.1 };
  if (bankError === undefined) return [sent];
  return [
    sent,
    {
      name: 'exception',
      atMs: 242 + bankMs,
      attributes: {
        'exception.type': 'UpstreamError',
        'exception.message': bankError,
        'exception.stacktrace': `UpstreamError: ${bankError}\n    at charge (payments/charge.ts:41:11)`,
      },
    },
  ];
}
