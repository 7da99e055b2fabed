import { LRUCache } from 'lru-cache';
import { ApiError } from '@tracelab/command';
import type { Peer } from '../kit/peer.ts';
import { readInteger, readObject } from '../kit/read.ts';
import type { Log } from '../kit/route.ts';
import type { ServiceDefinition } from '../kit/service.ts';
import { readName } from '../kit/shop/read-shop.ts';
import type { Charge, ChargeRequest } from '../kit/shop/shapes.ts';

/** The last charges are remembered; an older one can neither be read nor recognised when it comes again. */
const CHARGES_MAX = 10_000;
const AMOUNT_CENTS_MAX = 1_000_000_000;

/** Takes the money: asks the bank and keeps a record. */
export const payments: ServiceDefinition = {
  name: 'payments',
  summary: 'Charges an order through the bank and records it.',
  peerTimeoutMs: { bank: 5_000 },
  routes: ({ peer }) => {
    const chargeByOrder = new LRUCache<string, Charge>({ max: CHARGES_MAX });
    const bank = peer('bank');
    return [
      {
        method: 'POST',
        path: '/charges',
        handle: ({ body, log }) => charge(readChargeRequest(body), { bank, chargeByOrder }, log),
      },
      {
        method: 'GET',
        path: '/charges/:orderId',
        handle: ({ params }) => chargeByOrder.get(params['orderId'] ?? '') ?? refuseUnknown(params['orderId'] ?? ''),
      },
    ];
  },
};

interface Ledger {
  bank: Peer;
  chargeByOrder: LRUCache<string, Charge>;
}

/** An order is charged once: sent again, it is answered from the record. */
async function charge(request: ChargeRequest, { bank, chargeByOrder }: Ledger, log: Log): Promise<Charge> {
  const recorded = chargeByOrder.get(request.orderId);
  if (recorded !== undefined) return recorded;
  const { authorizationId } = await bank.call<{ authorizationId: string }>('POST', '/charge', {
    reference: request.orderId,
    amountCents: request.amountCents,
    currency: request.currency,
  });
  const made: Charge = { ...request, authorizationId };
  chargeByOrder.set(request.orderId, made);
  log.info({ orderId: request.orderId, authorizationId, amountCents: request.amountCents }, 'charged');
  return made;
}

function readChargeRequest(value: unknown): ChargeRequest {
  const request = readObject(value, 'the body');
  return {
    orderId: readName(request['orderId'], 'orderId'),
    userId: readName(request['userId'], 'userId'),
    amountCents: readInteger(request['amountCents'], 'amountCents', { min: 0, max: AMOUNT_CENTS_MAX }),
    currency: readName(request['currency'], 'currency'),
  };
}

function refuseUnknown(orderId: string): never {
  throw new ApiError('not_found', `there is no charge for the order "${orderId}"`);
}
