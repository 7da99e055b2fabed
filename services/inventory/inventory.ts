import { trace } from '@opentelemetry/api';
import { readObject } from '../kit/read.ts';
import type { RouteRequest } from '../kit/route.ts';
import type { ServiceDefinition } from '../kit/service.ts';
import { readLines, readName } from '../kit/shop/read-shop.ts';
import { SHELVES } from './catalogue.ts';
import type { Stock } from './stock.ts';
import { openStock } from './stock.ts';

/** Knows what is on the shelves and sets goods aside for an order. */
export const inventory: ServiceDefinition = {
  name: 'inventory',
  summary: 'Keeps the stock in SQL and reserves it for orders.',
  routes: () => {
    const stock = openStock(SHELVES);
    return [
      { method: 'GET', path: '/stock', handle: () => stock.list() },
      { method: 'POST', path: '/reservations', handle: (request) => reserve(stock, request) },
      {
        method: 'DELETE',
        path: '/reservations/:orderId',
        handle: ({ params }) => ({ released: stock.release(readName(params['orderId'], 'orderId')) }),
      },
    ];
  },
};

function reserve(stock: Stock, { body, log }: RouteRequest): { orderId: string } {
  const request = readObject(body, 'the body');
  const orderId = readName(request['orderId'], 'orderId');
  const restocked = stock.reserve({ orderId, lines: readLines(request['lines'], 'lines') });
  for (const { sku, stock } of restocked) {
    trace.getActiveSpan()?.addEvent('restocked', { 'shop.sku': sku, 'shop.stock': stock });
    log.info({ sku, stock }, 'restocked');
  }
  return { orderId };
}
