import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decidedOf } from '../fixtures/decided.ts';
import { spanIdFor, traceIdFor } from '../fixtures/make-trace.ts';
import { openMemoryStore } from '../store/open-store.ts';
import { StoredEvents } from './stored-events.ts';

interface FakeTimer {
  after: (ms: number, act: () => void) => () => void;
  pass: (ms: number) => void;
}

function createTimer(): FakeTimer {
  let nowMs = 0;
  let waiting: { atMs: number; act: () => void }[] = [];
  return {
    after: (ms, act) => {
      const entry = { atMs: nowMs + ms, act };
      waiting.push(entry);
      return () => (waiting = waiting.filter((other) => other !== entry));
    },
    pass: (ms) => {
      nowMs += ms;
      const due = waiting.filter(({ atMs }) => atMs <= nowMs);
      waiting = waiting.filter(({ atMs }) => atMs > nowMs);
      for (const { act } of due) act();
    },
  };
}

describe('StoredEvents', () => {
  it('tells at once, then at most four times a second, summed up', async () => {
    const timer = createTimer();
    const store = openMemoryStore({ report: () => {} });
    const events = new StoredEvents(store, timer);
    const lines: string[] = [];
    events.join({ write: (text) => lines.push(text) > 0 });
    const storeOne = async (index: number): Promise<void> => {
      store.accept(decidedOf([{ traceId: traceIdFor(index), spanId: spanIdFor(0), startMs: -index }]));
      await store.flush();
    };
    await storeOne(1);
    for (let index = 2; index < 6; index++) await storeOne(index);
    assert.equal(lines.length, 2);
    timer.pass(250);
    assert.equal(lines.length, 3);
    assert.match(lines[1] ?? '', /"tracesStored":1/);
    assert.match(lines[2] ?? '', /"tracesStored":4,"newestStartTimeUnixNano":"1779999999998000000"/);
    timer.pass(250);
    assert.equal(lines.length, 3);
    events.close();
    await storeOne(9);
    assert.equal(lines.length, 3);
    await store.close(100);
  });

  it('has room for 64 listeners, and for another one when one leaves', () => {
    const events = new StoredEvents(openMemoryStore({ report: () => {} }), createTimer());
    const clients = Array.from({ length: 64 }, () => ({ write: () => true }));
    for (const client of clients) events.join(client);
    assert.equal(events.hasRoom, false);
    const [first] = clients;
    if (first !== undefined) events.leave(first);
    assert.equal(events.hasRoom, true);
    events.close();
  });
});
