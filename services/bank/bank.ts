import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { ApiError } from '@tracelab/command';
import { readInteger, readObject } from '../kit/read.ts';
import type { ServiceDefinition } from '../kit/service.ts';
import { readName } from '../kit/shop/read-shop.ts';

/** A card is good for this much at once: larger charges are declined. */
const CARD_LIMIT_CENTS = 500_000;

const AMOUNT_CENTS_MAX = 1_000_000_000;
/** What a bank that is well needs for an authorization: 2 to 6 ms. */
const WORK_MS_MIN = 2;
const WORK_MS_SPREAD = 4;

/** An outside party. It is not instrumented and is not meant to be: it uses nothing of tracing. */
export const bank: ServiceDefinition = {
  name: 'bank',
  summary: 'The bank, an outside party that nobody instrumented.',
  routes: () => [{ method: 'POST', path: '/charge', handle: ({ body }) => authorize(body) }],
};

async function authorize(body: unknown): Promise<{ authorizationId: string }> {
  const charge = readObject(body, 'the body');
  readName(charge['reference'], 'reference');
  const currency = readName(charge['currency'], 'currency');
  const amountCents = readInteger(charge['amountCents'], 'amountCents', { min: 0, max: AMOUNT_CENTS_MAX });
  await delay(WORK_MS_MIN + WORK_MS_SPREAD * Math.random());
  if (amountCents <= CARD_LIMIT_CENTS) return { authorizationId: randomUUID() };
  const [amount, limit] = [formatCents(amountCents), formatCents(CARD_LIMIT_CENTS)];
  throw new ApiError('payment_declined', `the bank declined ${amount} ${currency}: the card's limit is ${limit}`);
}

function formatCents(cents: number): string {
  return (cents / 100).toFixed(2);
}
