/* oxlint-disable max-lines-per-function -- test code that two test files share: .oxlintrc.json lifts the rule for tests */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { flattenTracesData, type TraceSpan } from '@tracelab/model';
import { decidedOf } from '../fixtures/decided.ts';
import { BASE_TIME_MS, encodeEmptySpans, spanIdFor, traceIdFor, type SpanSketch } from '../fixtures/make-trace.ts';
import { mergeParts } from './summarize-row.ts';
import type { StoredNotice, TraceQuery, TraceStore } from './trace-store.ts';
import type { WriteQueueBounds } from './write-queue.ts';

function spansOf(parts: readonly Uint8Array[]): TraceSpan[] {
  const merged = mergeParts(parts);
  assert.ok(merged.ok);
  return flattenTracesData(merged.value);
}

export interface StoreUnderTest {
  name: string;
  /** A new and empty one each time. */
  open: (bounds?: WriteQueueBounds) => Promise<TraceStore>;
}

/** What every store must do; each implementation's test calls this. */
export function describeStore({ name, open }: StoreUnderTest): void {
  describe(`${name}: reading`, () => {
    let store: TraceStore;
    before(async () => (store = await open()));
    after(() => store.close(1000));

    it('knows nothing of an unknown trace', async () => {
      assert.deepEqual(await store.readParts(traceIdFor(999)), []);
    });

    it('reads a trace before and after it is written', async () => {
      store.accept(decidedOf([{ spanId: spanIdFor(1) }]));
      assert.equal((await store.readParts('0af7651916cd43dd8448eb211c80319c')).length > 0, true);
      await store.flush();
      const [part] = await store.readParts('0af7651916cd43dd8448eb211c80319c');
      assert.deepEqual(part, decidedOf([{ spanId: spanIdFor(1) }]).bytes);
    });

    it('keeps every part of a trace, and merged they are one trace', async () => {
      const traceId = traceIdFor(1);
      store.accept(decidedOf([{ traceId, spanId: spanIdFor(1) }]));
      store.accept(decidedOf([{ traceId, spanId: spanIdFor(2), parentSpanId: spanIdFor(1) }]));
      await store.flush();
      store.accept(decidedOf([{ traceId, spanId: spanIdFor(2), parentSpanId: spanIdFor(1) }]));
      await store.flush();
      const spans = spansOf(await store.readParts(traceId));
      assert.deepEqual(spans.map((span) => span.spanId).sort(), [spanIdFor(1), spanIdFor(2)]);
    });

    it('counts every span once: accepted = stored + queued + dropped', async () => {
      await store.flush();
      const { spansAccepted, spansStored, spansQueued, spansDropped } = store.counts();
      assert.deepEqual(
        { spansStored, spansQueued, spansDropped },
        { spansStored: spansAccepted, spansQueued: 0, spansDropped: 0 },
      );
    });

    it('tells after a write, with the newest start', async () => {
      const notices: StoredNotice[] = [];
      const stop = store.onStored((notice) => notices.push(notice));
      store.accept(decidedOf([{ traceId: traceIdFor(50), spanId: spanIdFor(1), startMs: 77 }]));
      await store.flush();
      stop();
      store.accept(decidedOf([{ traceId: traceIdFor(51), spanId: spanIdFor(1) }]));
      await store.flush();
      assert.deepEqual(notices, [{ tracesStored: 1, newestStartTimeUnixNano: BigInt(BASE_TIME_MS + 77) * 1_000_000n }]);
    });
  });

  describe(`${name}: search`, () => {
    let store: TraceStore;
    const traceOf = (index: number, spans: Partial<SpanSketch>[]): SpanSketch[] =>
      spans.map((span, at) => ({
        traceId: traceIdFor(index),
        spanId: spanIdFor(at),
        ...(at === 0 ? {} : { parentSpanId: spanIdFor(0) }),
        ...span,
      }));
    before(async () => {
      store = await open();
      store.accept(decidedOf(traceOf(0, [{ startMs: 0, endMs: 100, service: 'gateway', name: 'GET /' }])));
      store.accept(
        decidedOf(
          traceOf(1, [
            {
              startMs: 1000,
              endMs: 1500,
              service: 'gateway',
              name: 'POST /checkout',
              attributes: { 'http.status': 200n, 'user.tier': 'gold' },
            },
            {
              startMs: 1100,
              endMs: 1200,
              service: 'bank',
              name: 'charge',
              isError: true,
              attributes: { 'http.status': 500n },
            },
          ]),
        ),
      );
      store.accept(
        decidedOf(
          traceOf(2, [{ startMs: 2000, endMs: 2010, service: 'bank', name: 'charge', attributes: { retry: true } }]),
        ),
      );
      await store.flush();
    });
    after(() => store.close(1000));

    const found = async (query: Partial<TraceQuery>): Promise<number[]> => {
      const { traces } = await store.search({ limit: 50, ...query });
      return traces.map(({ traceId }) => Number.parseInt(traceId, 16) - 1);
    };
    const ms = (value: number): bigint => BigInt(value) * 1_000_000n;

    it('gives everything, newest first, up to the limit', async () => {
      assert.deepEqual(await found({}), [2, 1, 0]);
      assert.deepEqual(await found({ limit: 2 }), [2, 1]);
    });

    it('finds by service and operation, each trace once', async () => {
      assert.deepEqual(await found({ service: 'gateway' }), [1, 0]);
      assert.deepEqual(await found({ service: 'bank', operation: 'charge' }), [2, 1]);
      assert.deepEqual(await found({ operation: 'charge' }), [2, 1]);
      assert.deepEqual(await found({ service: 'gateway', operation: 'charge' }), []);
      assert.deepEqual(await found({ service: 'nobody' }), []);
    });

    it('finds by duration of the trace, bounds included', async () => {
      assert.deepEqual(await found({ durationNanoMin: ms(100) }), [1, 0]);
      assert.deepEqual(await found({ durationNanoMin: ms(100), durationNanoMax: ms(100) }), [0]);
    });

    it('finds by errors and by start, bounds included', async () => {
      assert.deepEqual(await found({ hasError: true }), [1]);
      assert.deepEqual(await found({ startTimeUnixNanoMin: ms(BASE_TIME_MS + 1000), service: 'bank' }), [2, 1]);
      assert.deepEqual(
        await found({ startTimeUnixNanoMin: ms(BASE_TIME_MS), startTimeUnixNanoMax: ms(BASE_TIME_MS + 1000) }),
        [1, 0],
      );
    });

    it('finds by attributes that all match on one span or its resource', async () => {
      const status = { key: 'http.status', value: '500' };
      assert.deepEqual(await found({ attributes: [status] }), [1]);
      assert.deepEqual(await found({ attributes: [status, { key: 'service.name', value: 'bank' }] }), [1]);
      assert.deepEqual(await found({ attributes: [status, { key: 'user.tier', value: 'gold' }] }), []);
      assert.deepEqual(await found({ attributes: [{ key: 'retry', value: 'true' }] }), [2]);
    });

    it('gives the others where a trace is too large to be read, and says that it was not looked at', async () => {
      const large = await open();
      const [tooLarge, small] = [3, 4].map((index) => decidedOf(traceOf(index, [{ attributes: { retry: true } }])));
      assert.ok(tooLarge !== undefined && small !== undefined);
      const part = { ...tooLarge, bytes: encodeEmptySpans(600_000) };
      for (const trace of [part, small, part]) large.accept(trace);
      await large.flush();
      const { traces } = await large.search({ limit: 50 });
      const spanCounts = Object.fromEntries(traces.map(({ traceId, spanCount }) => [traceId, spanCount]));
      assert.deepEqual(spanCounts, { [traceIdFor(3)]: 2, [traceIdFor(4)]: 1 });
      const found = await large.search({ limit: 50, attributes: [{ key: 'retry', value: 'true' }] });
      assert.deepEqual([found.truncated, found.traces.map(({ traceId }) => traceId)], [true, [traceIdFor(4)]]);
      await large.close(1000);
    });

    it('summarizes a trace', async () => {
      const { traces, truncated } = await store.search({ hasError: true, limit: 1 });
      assert.equal(truncated, false);
      assert.deepEqual(traces, [
        {
          traceId: traceIdFor(1),
          rootService: 'gateway',
          rootName: 'POST /checkout',
          startTimeUnixNano: ms(BASE_TIME_MS + 1000).toString(),
          durationNano: ms(500).toString(),
          spanCount: 2,
          errorCount: 1,
          services: [
            { service: 'bank', spanCount: 1, errorCount: 1 },
            { service: 'gateway', spanCount: 1, errorCount: 0 },
          ],
          pending: false,
        },
      ]);
    });

    it('lists services and operations, sorted, each once', async () => {
      assert.deepEqual(await store.services(), ['bank', 'gateway']);
      assert.deepEqual(await store.operations('gateway'), ['GET /', 'POST /checkout']);
      assert.deepEqual(await store.operations('nobody'), []);
    });

    it('moves a trace to its new start when a late span is earlier, and counts a repeated span once', async () => {
      const late = traceOf(2, [
        { startMs: 2000, endMs: 2010, service: 'bank', name: 'charge' },
        { startMs: 500, endMs: 600, service: 'bank', name: 'ask' },
      ]);
      store.accept(decidedOf(late));
      await store.flush();
      assert.deepEqual(await found({ service: 'bank' }), [1, 2]);
      assert.deepEqual(await found({}), [1, 2, 0]);
      const { traces } = await store.search({ service: 'bank', operation: 'ask', limit: 5 });
      assert.deepEqual(
        traces.map(({ spanCount, durationNano }) => ({ spanCount, durationNano })),
        [{ spanCount: 2, durationNano: ms(1510).toString() }],
      );
    });

    it('takes times that no clock shows', async () => {
      const huge = {
        ...decidedOf([{ traceId: traceIdFor(7), spanId: spanIdFor(0), service: 'odd' }]),
        endTimeUnixNano: 2n ** 64n - 1n,
      };
      store.accept(huge);
      await store.flush();
      assert.deepEqual(await found({ service: 'odd' }), [7]);
    });
  });

  describe(`${name}: bounds`, () => {
    it('has no room at its bound, takes nothing away, and has room again when half is written', async () => {
      const store = await open({ spansMax: 4, bytesMax: 1_000_000, batchSpansMax: 2 });
      for (let index = 0; index < 4; index++)
        store.accept(decidedOf([{ traceId: traceIdFor(index), spanId: spanIdFor(0) }]));
      assert.equal(store.hasRoom(), false);
      await store.untilRoom();
      assert.equal(store.hasRoom(), true);
      await store.flush();
      assert.equal(store.counts().spansStored, 4);
      assert.equal((await store.search({ limit: 10 })).traces.length, 4);
      await store.close(1000);
    });

    it('drops and counts what comes after the end', async () => {
      const store = await open();
      await store.close(1000);
      store.accept(decidedOf([{ spanId: spanIdFor(0) }]));
      assert.equal(store.counts().spansDropped, 1);
    });
  });
}
