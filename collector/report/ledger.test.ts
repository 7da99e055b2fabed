import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ReceiveLedger } from '../receive/receive-ledger.ts';
import { noRejections } from '../receive/rejections.ts';
import { noSamplings } from '../receive/span-samplings.ts';
import { EMPTY_SAMPLER_LEDGER } from '../sample/sampler.ts';
import { composeLedger, findImbalance } from './ledger.ts';

const STORE = { spansAccepted: 5, spansStored: 3, spansQueued: 1, spansDropped: 1, bytesQueued: 10 };

describe('composeLedger', () => {
  it('accounts for every span, and notices one that is missing', () => {
    const receive = new ReceiveLedger();
    const samplings = { ...noSamplings(), trace_id_hash: { sampled: 8, notSampled: 3 } };
    receive.count({ spanCount: 11, rejections: { ...noRejections(), spanId: 2 }, samplings }, 100);
    const sampler = { ...EMPTY_SAMPLER_LEDGER, received: 8, pending: 1, sampledOut: 1, droppedDuplicate: 1, kept: 5 };
    const ledger = composeLedger(receive, sampler, STORE);
    assert.deepEqual([ledger.received, ledger.rejected, ledger.sampledOut, ledger.kept], [13, 2, 4, 5]);
    assert.equal(findImbalance(ledger), undefined);
    assert.equal(findImbalance({ ...ledger, pending: 0 }), '13 spans were received, 12 are accounted for');
    assert.equal(findImbalance({ ...ledger, stored: 2 }), '5 spans were kept, the store accounts for 4');
  });
});
