import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { accept, refuse } from '@tracelab/protocol';
import { batchOf } from '../fixtures/decided.ts';
import { allRows } from '../receive/span-batch.ts';
import { spanIdFor } from '../fixtures/make-trace.ts';
import { EMPTY_SAMPLER_LEDGER, type Acceptance, type Sampler } from '../sample/sampler.ts';
import { noFates, type SpanFates } from '../sample/span-fates.ts';
import { LoggedSampler } from './logged-sampler.ts';

interface Lab {
  sampler: LoggedSampler;
  send: () => Promise<Acceptance['kind']>;
  /** Of the requests that the inner sampler took, in order. */
  releases: ((fates: SpanFates) => void)[];
  /** Resolves when what can go has gone. */
  tick: () => Promise<void>;
  dropped: number[];
  /** In order, what the ledger heard of segments and what the log did. */
  events: string[];
  counts: { decisionsRecorded: number; decisionsSettled: number; spansKept: number; spansSettled: number };
  set: (
    changes: Partial<{ segment: number; hasRoom: boolean; isFull: boolean; isBroken: boolean; nowUnixMs: number }>,
  ) => void;
}

function createLab(earlier: number[] = []): Lab {
  let state = { segment: 1, hasRoom: true, isFull: false, isBroken: false, nowUnixMs: 0 };
  const releases: ((fates: SpanFates) => void)[] = [];
  const events: string[] = [];
  const dropped: number[] = [];
  const counts = { decisionsRecorded: 0, decisionsSettled: 0, spansKept: 0, spansSettled: 0 };
  const inner: Sampler = {
    accept: (_batch, _rows, onReleased = () => {}) => {
      releases.push(onReleased);
      return Promise.resolve({ kind: 'accepted' });
    },
    tick: () => {},
    remember: () => {},
    readPending: () => Promise.resolve(undefined),
    ledger: () => EMPTY_SAMPLER_LEDGER,
    close: () => Promise.resolve(),
  };
  const log = {
    segments: earlier,
    append: () => {
      if (state.isFull) return refuse({ reason: 'full' as const, message: 'full' });
      const written = state.isBroken ? Promise.reject(new Error('no space left on device')) : Promise.resolve(0);
      return accept({ segment: state.segment, written });
    },
    seal: () => void state.segment++,
    drop: async (segment: number) => {
      events.push(`dropped ${segment}`);
      dropped.push(segment);
    },
  };
  const book = {
    settle: async (segment: number, { received, droppedDuplicate, kept }: SpanFates) => {
      await Promise.resolve();
      events.push(`settled ${segment}: ${received} received, ${droppedDuplicate} duplicate, ${kept} kept`);
    },
    forget: (segment: number) => void events.push(`forgotten ${segment}`),
  };
  const sampler = new LoggedSampler(inner, {
    log,
    book,
    durable: () => ({ ...counts }),
    hasRoom: () => state.hasRoom,
    nowUnixMs: () => state.nowUnixMs,
    report: () => {},
  });
  return {
    sampler,
    send: async () => {
      const batch = batchOf([{ spanId: spanIdFor(0) }]);
      return (await sampler.accept(batch, allRows(batch))).kind;
    },
    releases,
    tick: () => {
      sampler.tick();
      return sampler.untilGone();
    },
    dropped,
    events,
    counts,
    set: (changes) => void (state = { ...state, ...changes }),
  };
}

describe('LoggedSampler', () => {
  it('keeps a segment until all its traces are decided, their decisions written and their kept spans stored', async () => {
    const lab = createLab();
    await lab.send();
    await lab.send();
    lab.set({ segment: 2 });
    await lab.send();
    lab.releases[0]?.(noFates());
    await lab.tick();
    assert.deepEqual(lab.dropped, []);
    lab.releases[1]?.(noFates());
    Object.assign(lab.counts, { decisionsRecorded: 2, spansKept: 9 });
    await lab.tick();
    assert.deepEqual(lab.dropped, []);
    // What is decided later is not waited for.
    Object.assign(lab.counts, { decisionsRecorded: 7, decisionsSettled: 2, spansKept: 20, spansSettled: 8 });
    await lab.tick();
    assert.deepEqual(lab.dropped, []);
    lab.counts.spansSettled = 9;
    await lab.tick();
    assert.deepEqual(lab.dropped, [1]);
  });

  it('seals a segment that does not fill up, so that a restart has little to replay', async () => {
    const lab = createLab();
    await lab.send();
    lab.releases[0]?.(noFates());
    await lab.tick();
    assert.deepEqual(lab.dropped, []);
    lab.set({ nowUnixMs: 10_000 });
    await lab.tick();
    assert.deepEqual(lab.dropped, [1]);
    await lab.send();
    await lab.tick();
    assert.deepEqual(lab.dropped, [1]);
  });

  it('takes nothing that it cannot log, and nothing while the store has no room', async () => {
    const lab = createLab();
    lab.set({ hasRoom: false });
    assert.equal(await lab.send(), 'refused');
    lab.set({ hasRoom: true, isFull: true });
    assert.equal(await lab.send(), 'refused');
    lab.set({ isFull: false, isBroken: true });
    assert.equal(await lab.send(), 'refused');
    assert.equal(lab.releases.length, 0);
    lab.set({ nowUnixMs: 10_000 });
    await lab.tick();
    assert.deepEqual(lab.dropped, [1]);
  });

  it('tells the ledger what became of a segment before it goes, and forgets it afterwards', async () => {
    const lab = createLab();
    await lab.send();
    await lab.send();
    lab.set({ isBroken: true });
    await lab.send();
    lab.releases[0]?.({ received: 5, droppedDuplicate: 1, droppedAtEnd: 0, kept: 2 });
    lab.releases[1]?.({ received: 2, droppedDuplicate: 0, droppedAtEnd: 0, kept: 2 });
    lab.set({ nowUnixMs: 10_000 });
    await lab.tick();
    assert.deepEqual(lab.events, ['settled 1: 7 received, 1 duplicate, 4 kept', 'dropped 1', 'forgotten 1']);
  });

  it('lets segments of an earlier life go when what was replayed of them is dealt with', async () => {
    const lab = createLab([4, 5]);
    const release = lab.sampler.hold(4);
    lab.set({ segment: 6, nowUnixMs: 10_000 });
    await lab.tick();
    assert.deepEqual(lab.dropped, [5]);
    release();
    await lab.tick();
    assert.deepEqual(lab.dropped, [5, 4]);
  });
});
