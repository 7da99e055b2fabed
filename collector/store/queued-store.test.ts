import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decidedOf } from '../fixtures/decided.ts';
import { spanIdFor, traceIdFor } from '../fixtures/make-trace.ts';
import type { DecidedTrace } from '../sample/decided-trace.ts';
import { MemoryTable } from './memory-table.ts';
import { QueuedTraceStore } from './queued-store.ts';
import type { TraceTable, WriteOutcome } from './trace-table.ts';
import { WRITE_QUEUE_BOUNDS } from './write-queue.ts';

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
});
