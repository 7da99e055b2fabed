import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ApiError } from '@tracelab/command';
import Fastify from 'fastify';
import type { Peer } from '../kit/peer.ts';
import { placeOrder } from './place-order.ts';

const log = Fastify().log;
const REQUEST = { orderId: 'o-1', cart: [{ sku: 'mug', quantity: 2 }], user: { id: 'u-1', tier: 'gold' } };
const QUOTE = { currency: 'EUR', totalCents: 500, lines: [{ sku: 'mug', quantity: 2, unitPriceCents: 250 }] };

type Replies = Readonly<Record<string, unknown>>;

/** Peers that answer from a table by method and path; an Error in it is thrown. Every call is noted. */
function createPeers(replies: Replies): { calls: string[]; peers: Parameters<typeof placeOrder>[1] } {
  const calls: string[] = [];
  const peer: Peer = {
    call: async <Reply>(method: string, path: string) => {
      calls.push(`${method} ${path}`);
      const reply = replies[`${method} ${path}`];
      if (reply instanceof Error) throw reply;
      return reply as Reply;
    },
  };
  return { calls, peers: { pricing: peer, inventory: peer, payments: peer } };
}

const GOOD: Replies = { 'POST /quotes': QUOTE, 'POST /reservations': {}, 'POST /charges': {} };
const RELEASE = 'DELETE /reservations/o-1';

describe('placeOrder', () => {
  it('asks for prices and stock before the money, and answers the order', async () => {
    const { calls, peers } = createPeers(GOOD);
    assert.deepEqual(await placeOrder(REQUEST, peers, log), { orderId: 'o-1', ...QUOTE });
    assert.deepEqual(calls, ['POST /quotes', 'POST /reservations', 'POST /charges']);
  });

  it('puts the stock back when the payment fails, and says why it failed', async () => {
    const declined = new ApiError('payment_declined', 'the card is empty');
    const { calls, peers } = createPeers({ ...GOOD, 'POST /charges': declined });
    await assert.rejects(placeOrder(REQUEST, peers, log), declined);
    assert.equal(calls.at(-1), RELEASE);
  });

  it('says why the payment failed even where the release fails too', async () => {
    const declined = new ApiError('payment_declined', 'the card is empty');
    const { peers } = createPeers({ ...GOOD, 'POST /charges': declined, [RELEASE]: new Error('no') });
    await assert.rejects(placeOrder(REQUEST, peers, log), declined);
  });

  it('puts the stock back when pricing fails, and charges nothing', async () => {
    const failed = new ApiError('upstream_failed', 'pricing answered 500');
    const { calls, peers } = createPeers({ ...GOOD, 'POST /quotes': failed });
    await assert.rejects(placeOrder(REQUEST, peers, log), failed);
    assert.deepEqual(calls, ['POST /quotes', 'POST /reservations', RELEASE]);
  });

  it('releases nothing that was refused', async () => {
    const empty = new ApiError('out_of_stock', 'mug: 2 wanted, 1 in stock');
    const { calls, peers } = createPeers({ ...GOOD, 'POST /reservations': empty });
    await assert.rejects(placeOrder(REQUEST, peers, log), empty);
    assert.deepEqual(calls, ['POST /quotes', 'POST /reservations']);
  });

  it('releases what may have been reserved when inventory did not answer in time', async () => {
    const late = new ApiError('upstream_timeout', 'inventory did not answer within 5000 ms');
    const { calls, peers } = createPeers({ ...GOOD, 'POST /reservations': late });
    await assert.rejects(placeOrder(REQUEST, peers, log), late);
    assert.equal(calls.at(-1), RELEASE);
  });
});
