import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { EMPTY_LEDGER } from '@tracelab/protocol';
import { EMPTY_SAMPLER_LEDGER, type SamplerLedger } from '../sample/sampler.ts';
import type { StoreCounts } from '../store/trace-store.ts';
import { LedgerBook, type LedgerBookOptions } from './ledger-book.ts';
import type { LedgerSnapshot } from './ledger-file.ts';
import { findImbalance } from './ledger.ts';

interface Lab {
  book: LedgerBook;
  receive: { spansRejected: number; spansSampledOut: number };
  store: StoreCounts;
  saved: LedgerSnapshot[];
  reports: string[];
  pass: (ms: number) => void;
  refuse: (isRefusing: boolean) => void;
}

function createLab({ earlier, hasLog = true }: Partial<LedgerBookOptions> = {}): Lab {
  let nowMs = 0;
  let isRefusing = false;
  const receive = { spansRejected: 0, spansSampledOut: 0 };
  const store: StoreCounts = { spansAccepted: 0, spansStored: 0, spansQueued: 0, spansDropped: 0, bytesQueued: 0 };
  const saved: LedgerSnapshot[] = [];
  const reports: string[] = [];
  const effects = {
    receive,
    store: { counts: () => store },
    save: async (snapshot: LedgerSnapshot) => {
      if (isRefusing) throw new Error('no space left on device');
      saved.push(snapshot);
    },
    report: (message: string) => void reports.push(message),
    nowMs: () => nowMs,
    nowUnixMs: () => 1_780_000_000_000,
  };
  return {
    book: new LedgerBook({ earlier, hasLog }, effects),
    receive,
    store,
    saved,
    reports,
    pass: (ms) => void (nowMs += ms),
    refuse: (refusing) => void (isRefusing = refusing),
  };
}

function samplerWith(counts: Partial<SamplerLedger>): SamplerLedger {
  return { ...EMPTY_SAMPLER_LEDGER, ...counts };
}

describe('LedgerBook', () => {
  it('shows what earlier lives had settled, what the log knew, and this life', async () => {
    const counts = { ...EMPTY_LEDGER, received: 10, rejected: 1, sampledOut: 4, kept: 5, stored: 5 };
    const lab = createLab({ earlier: { sinceUnixMs: 7, counts, segmentsSettled: [3], segmentLast: 3 } });
    assert.deepEqual(lab.book.segmentsSettled, [3]);
    lab.book.recognise({ received: 6, droppedDuplicate: 1, droppedAtEnd: 0, kept: 2 });
    lab.receive.spansRejected = 2;
    Object.assign(lab.store, { spansAccepted: 1, spansQueued: 1 });
    assert.deepEqual(lab.book.ledger(samplerWith({ received: 4, pending: 3, kept: 1 })), {
      ...EMPTY_LEDGER,
      sinceUnixMs: 7,
      received: 22,
      rejected: 3,
      pending: 3,
      sampledOut: 7,
      droppedDuplicate: 1,
      kept: 8,
      stored: 7,
      storeQueued: 1,
    });
  });

  it('saves, where there is a log, only what went with its segments and what receive did with single spans', async () => {
    const lab = createLab();
    Object.assign(lab.receive, { spansRejected: 2, spansSampledOut: 10 });
    const sampler = samplerWith({ received: 8, pending: 1, sampledOut: 2, droppedAtEnd: 1, kept: 4 });
    Object.assign(lab.store, { spansAccepted: 4, spansStored: 3, spansDropped: 1 });
    await lab.book.settle(5, { received: 3, droppedDuplicate: 0, droppedAtEnd: 0, kept: 2 });
    await lab.book.settle(4, { received: 4, droppedDuplicate: 0, droppedAtEnd: 1, kept: 2 });
    lab.book.forget(5);
    await lab.book.close(sampler);
    const [first, second, last] = lab.saved;
    const beginning = { ...EMPTY_LEDGER, rejected: 2 };
    assert.deepEqual(
      [first?.counts, second?.counts],
      [
        { ...beginning, received: 15, sampledOut: 11, kept: 2, stored: 1, storeDropped: 1 },
        { ...beginning, received: 19, sampledOut: 12, droppedAtEnd: 1, kept: 4, stored: 3, storeDropped: 1 },
      ],
    );
    assert.deepEqual(last, { ...second, segmentsSettled: [4], segmentLast: 5 });
    assert.ok(lab.saved.every((snapshot) => findImbalance(snapshot.counts) === undefined));
  });

  it('counts as lost, where there was no log, what was pending or queued when it was saved last', async () => {
    const lab = createLab({ hasLog: false });
    Object.assign(lab.store, { spansAccepted: 4, spansStored: 3, spansQueued: 1 });
    lab.book.tick(samplerWith({ received: 9, pending: 3, sampledOut: 2, kept: 4 }));
    await setImmediate();
    const next = createLab({ earlier: lab.saved.at(-1), hasLog: false });
    const ledger = next.book.ledger(EMPTY_SAMPLER_LEDGER);
    const { pending, droppedLost, storeQueued, storeLost, received, kept } = ledger;
    assert.deepEqual([pending, droppedLost, storeQueued, storeLost, received, kept], [0, 3, 0, 1, 9, 4]);
    assert.equal(findImbalance(ledger), undefined);
  });

  it('saves once a second at most, and nothing where nothing has changed', async () => {
    const lab = createLab({ hasLog: false });
    const tick = async (received: number, ms: number): Promise<number> => {
      lab.pass(ms);
      lab.book.tick(samplerWith({ received, pending: received }));
      await setImmediate();
      return lab.saved.length;
    };
    assert.deepEqual(
      [await tick(1, 0), await tick(2, 900), await tick(2, 100), await tick(2, 1000), await tick(3, 1000)],
      [1, 1, 2, 2, 3],
    );
  });

  it('goes on where it cannot be saved, says so once, and saves again when it can', async () => {
    const lab = createLab();
    lab.refuse(true);
    await lab.book.settle(1, { received: 1, droppedDuplicate: 0, droppedAtEnd: 0, kept: 0 });
    await lab.book.settle(2, { received: 1, droppedDuplicate: 0, droppedAtEnd: 0, kept: 0 });
    assert.deepEqual(lab.reports, [
      'the ledger cannot be saved: no space left on device; it goes on counting, and a kill takes what is not saved',
    ]);
    lab.refuse(false);
    await lab.book.settle(3, { received: 1, droppedDuplicate: 0, droppedAtEnd: 0, kept: 0 });
    assert.deepEqual([lab.saved.length, lab.saved[0]?.counts.received, lab.saved[0]?.segmentLast], [1, 3, 3]);
  });

  it('reports at a tick that a law does not hold, and counts every such tick', () => {
    const lab = createLab();
    for (const received of [3, 3, 2, 3]) lab.book.tick(samplerWith({ received, pending: 2 }));
    const message =
      'the ledger does not balance, which is a mistake in the collector: 3 spans were received, 2 are accounted for';
    assert.deepEqual(lab.reports, [message, message]);
    assert.equal(lab.book.imbalances, 3);
  });
});
