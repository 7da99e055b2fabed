import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decidedOf } from '../fixtures/decided.ts';
import { encodeEmptySpans, spanIdFor, traceIdFor } from '../fixtures/make-trace.ts';
import { openMemoryStore } from '../store/open-store.ts';
import { readTrace, readTraces } from './trace-reader.ts';

describe('readTraces', () => {
  it('stops at its bound of bytes, but gives at least the first', async () => {
    const store = openMemoryStore({ report: () => {} });
    const ids = [1, 2, 3, 4].map(traceIdFor);
    for (const traceId of ids) store.accept(decidedOf([{ traceId, spanId: spanIdFor(0) }]));
    await store.flush();
    const from = { store, router: { readPending: () => Promise.resolve(undefined) } };
    const [first] = await readTraces(ids, from, 1);
    const byteCount = first?.byteCount ?? 0;
    assert.ok(byteCount > 0);
    const idsWithin = async (bytesMax: number): Promise<string[]> =>
      (await readTraces([traceIdFor(99), ...ids], from, bytesMax)).map(({ traceId }) => traceId);
    assert.deepEqual(await idsWithin(1), ids.slice(0, 1));
    assert.deepEqual(await idsWithin(byteCount * 2), ids.slice(0, 2));
    assert.deepEqual(await idsWithin(1_000_000), ids);
    await store.close(1000);
  });

  it('leaves out a trace that is too large to be read, of which readTrace says so', async () => {
    const parts: Record<string, Uint8Array[]> = {
      one: [encodeEmptySpans(600_000)],
      several: [encodeEmptySpans(300_000), encodeEmptySpans(300_000)],
      small: [encodeEmptySpans(1)],
    };
    const from = {
      store: { readParts: async (traceId: string) => parts[traceId] ?? [] },
      router: { readPending: () => Promise.resolve(undefined) },
    };
    const found = await readTraces(['one', 'several', 'small'], from, 1e9);
    assert.deepEqual(
      found.map(({ traceId }) => traceId),
      ['small'],
    );
    await assert.rejects(readTrace('one', from), /trace one is here, but too large to be shown: .* too many parts/);
    await assert.rejects(readTrace('several', from), /too large to be shown: it has more than 500000 spans/);
  });
});
