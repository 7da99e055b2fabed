import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BatchConfig } from '../config/collector-config.ts';
import { decidedOf } from '../fixtures/decided.ts';
import { spanIdFor, traceIdFor } from '../fixtures/make-trace.ts';
import type { DecidedTrace } from '../sample/decided-trace.ts';
import { MemoryTable } from './memory-table.ts';
import { QueuedTraceStore } from './queued-store.ts';
import type { TraceTable, WriteOutcome } from './trace-table.ts';
import { WRITE_QUEUE_BOUNDS, boundsOf } from './write-queue.ts';

/** A table whose writes go as the test says. */
function tableWith(write: (batch: readonly DecidedTrace[]) => WriteOutcome): TraceTable {
  const memory = new MemoryTable(1e6);
  return Object.assign(memory, { write: (batch: readonly DecidedTrace[]) => Promise.resolve(write(batch)) });
}

const traceOf = (index: number): DecidedTrace => decidedOf([{ traceId: traceIdFor(index), spanId: spanIdFor(0) }]);

describe('QueuedTraceStore', () => {
  it('tries a batch again while the table cannot write, and loses nothing', async () => {
    const outcomes: WriteOutcome[] = [
      { kind: 'unavailable', reason: 'the disk is full' },
      { kind: 'unavailable', reason: 'the disk is full' },
    ];
    const reports: string[] = [];
    const table = tableWith(() => outcomes.shift() ?? { kind: 'stored' });
    const store = new QueuedTraceStore(table, WRITE_QUEUE_BOUNDS, {
      report: (text) => reports.push(text),
      delay: () => Promise.resolve(),
      nowMs: () => 0,
    });
    store.accept(traceOf(1));
    await store.flush();
    assert.equal(store.counts().spansStored, 1);
    assert.deepEqual(reports, ['the store cannot write just now, what is kept waits: the disk is full']);
  });

  it('drops only the trace that cannot be stored, counts it and says which', async () => {
    const poison = traceIdFor(2);
    const reports: string[] = [];
    const table = tableWith((batch) =>
      batch.some(({ traceId }) => traceId === poison) ? { kind: 'refused', reason: 'not a trace' } : { kind: 'stored' },
    );
    const store = new QueuedTraceStore(table, WRITE_QUEUE_BOUNDS, {
      report: (text) => reports.push(text),
      delay: () => Promise.resolve(),
      nowMs: () => 0,
    });
    for (let index = 0; index < 5; index++) store.accept(traceOf(index));
    await store.flush();
    const { spansStored, spansDropped, spansQueued } = store.counts();
    assert.deepEqual({ spansStored, spansDropped, spansQueued }, { spansStored: 4, spansDropped: 1, spansQueued: 0 });
    assert.deepEqual(reports, [`the store refused trace ${poison}: not a trace`]);
  });

  it('ends within its limit even where the table never writes, and counts what is lost', async () => {
    const reports: string[] = [];
    const table: TraceTable = Object.assign(new MemoryTable(1e6), {
      write: () => Promise.withResolvers<WriteOutcome>().promise,
    });
    const store = new QueuedTraceStore(table, WRITE_QUEUE_BOUNDS, {
      report: (text) => reports.push(text),
      delay: () => Promise.resolve(),
      nowMs: () => 0,
    });
    store.accept(traceOf(1));
    await store.close(50);
    assert.deepEqual([store.counts().spansDropped, store.counts().spansQueued], [1, 0]);
    assert.match(reports.join(), /could not write 1 spans within 50 ms/);
  });

  it('says when there is room again, from how fast it writes', async () => {
    let nowMs = 0;
    let mayWrite = Promise.withResolvers<void>();
    const table = Object.assign(new MemoryTable(1e6), {
      write: async (): Promise<WriteOutcome> => {
        nowMs += 100;
        await mayWrite.promise;
        return { kind: 'stored' };
      },
    });
    const bounds = { spansMax: 800, bytesMax: 1e6, batchSpansMax: 2 };
    const effects = { report: () => {}, delay: () => Promise.resolve(), nowMs: () => nowMs };
    const store = new QueuedTraceStore(table, bounds, effects);
    const fill = (): void => {
      for (let index = 0; index < bounds.spansMax; index++) store.accept(traceOf(index));
    };
    assert.equal(store.retryAfterS(), 1, 'there is room');
    fill();
    nowMs = 3000;
    assert.equal(store.retryAfterS(), 3, 'nothing was written yet: as long again as it has taken');
    mayWrite.resolve();
    await store.flush();
    assert.equal(store.retryAfterS(), 1, 'there is room');

    mayWrite = Promise.withResolvers();
    nowMs += 3_600_000;
    fill();
    assert.equal(store.retryAfterS(), 21, 'half of 800 spans at 20 a second, and the write that is under way');
    nowMs += 600_000;
    assert.equal(store.retryAfterS(), 60, 'it stands still');
    mayWrite.resolve();
    await store.close(1000);
  });

  describe('with a batch', () => {
    interface Lab {
      store: QueuedTraceStore;
      accept: (count: number) => void;
      /** Spans of each write. */
      written: number[];
      /** Of the waits that were begun. */
      waitsMs: number[];
      /** Ends the wait that was begun first. */
      passWait: () => Promise<void>;
    }

    function createLab(batch: Partial<BatchConfig>, spansMax = WRITE_QUEUE_BOUNDS.spansMax): Lab {
      const written: number[] = [];
      const waitsMs: number[] = [];
      const waits: (() => void)[] = [];
      const table = tableWith((traces) => {
        written.push(traces.length);
        return { kind: 'stored' };
      });
      const bounds = { ...boundsOf({ timeoutMs: 200, spansMin: 4, spansMax: 0, ...batch }), spansMax };
      const store = new QueuedTraceStore(table, bounds, {
        report: () => {},
        delay: (ms) => {
          waitsMs.push(ms);
          const { promise, resolve } = Promise.withResolvers<void>();
          waits.push(resolve);
          return promise;
        },
        nowMs: () => 0,
      });
      let accepted = 0;
      const accept = (count: number): void => {
        for (let index = 0; index < count; index++) store.accept(traceOf(accepted++));
      };
      const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
      const passWait = async (): Promise<void> => {
        waits.shift()?.();
        await settle();
      };
      return { store, accept, written, waitsMs, passWait };
    }

    it('waits for enough spans, and writes them together as soon as they are there', async () => {
      const lab = createLab({});
      lab.accept(3);
      assert.deepEqual([lab.written, lab.waitsMs], [[], [200]]);
      assert.equal(lab.store.counts().spansQueued, 3);
      lab.accept(1);
      assert.deepEqual(lab.written, [4]);
      await lab.store.close(1000);
    });

    it('writes fewer when the oldest has waited for its time, and begins to wait anew', async () => {
      const lab = createLab({});
      lab.accept(2);
      await lab.passWait();
      assert.deepEqual(lab.written, [2]);
      lab.accept(1);
      assert.deepEqual(lab.waitsMs, [200, 200]);
      await lab.passWait();
      assert.deepEqual(lab.written, [2, 1]);
    });

    it('writes no more than the largest size together, and what is left over waits', async () => {
      const lab = createLab({ spansMin: 3, spansMax: 4 });
      lab.accept(2);
      // While it writes all of the others come.
      lab.accept(8);
      await lab.passWait();
      assert.deepEqual(lab.written, [3, 4, 3]);
      const other = createLab({ spansMin: 3, spansMax: 4 });
      other.accept(8);
      await new Promise((resolve) => setImmediate(resolve));
      assert.deepEqual([other.written, other.store.counts().spansQueued], [[3, 4], 1]);
      await other.passWait();
      assert.deepEqual(other.written, [3, 4, 1]);
    });

    it('waits for nothing where the size or the time is 0', () => {
      for (const batch of [{ timeoutMs: 0 }, { spansMin: 0 }]) {
        const lab = createLab(batch);
        lab.accept(1);
        assert.deepEqual([lab.written, lab.waitsMs], [[1], []]);
      }
    });

    it('waits for nothing where somebody waits for all to be written', async () => {
      const lab = createLab({});
      lab.accept(1);
      await lab.store.flush();
      assert.deepEqual(lab.written, [1]);
      lab.accept(1);
      assert.deepEqual(lab.written, [1], 'the next one waits again');
      await lab.store.flush();
      assert.equal(lab.store.counts().spansStored, 2);
    });

    it('waits for nothing where more than half of the queue is full, since that is taken for a slow store', () => {
      const lab = createLab({ spansMin: 1e9 }, 10);
      lab.accept(5);
      assert.deepEqual(lab.written, []);
      lab.accept(1);
      assert.deepEqual(lab.written, [6]);
    });
  });
});
