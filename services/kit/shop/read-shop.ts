import type { CartLine, CheckoutRequest } from '@tracelab/protocol';
import { LIMITS } from '@tracelab/protocol';
import { readInteger, readList, readObject, readText } from '../read.ts';

const NAME_LENGTH_MAX = 64;

/** Untrusted JSON as an order to the shop; unknown keys are ignored, so that clients may be newer than we are. */
export function readCheckoutRequest(value: unknown): CheckoutRequest {
  const request = readObject(value, 'the body');
  const user = readObject(request['user'], 'user');
  return {
    cart: readLines(request['cart'], 'cart'),
    user: { id: readName(user['id'], 'user.id'), tier: readName(user['tier'], 'user.tier') },
  };
}

export function readLines(value: unknown, what: string): CartLine[] {
  const lines = readList(value, what, { min: 1, max: LIMITS.cartLinesMax });
  return lines.map((line, index) => readLine(line, `${what}[${index}]`));
}

/** Ids, skus and tiers. */
export function readName(value: unknown, what: string): string {
  return readText(value, what, NAME_LENGTH_MAX);
}

function readLine(value: unknown, what: string): CartLine {
  const line = readObject(value, what);
  return {
    sku: readName(line['sku'], `${what}.sku`),
    quantity: readInteger(line['quantity'], `${what}.quantity`, { min: 1, max: LIMITS.lineQuantityMax }),
  };
}
