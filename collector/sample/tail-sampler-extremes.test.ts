/** The two extremes of traffic: a million traces of one span, and one trace of a million spans. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { emptyResourceSpans, emptyScopeSpans, emptySpan, encodeTracesData } from '@tracelab/protocol';
import { KEPT, roomySink } from '../fixtures/decided.ts';
import { spanIdFor, TRACE_ID } from '../fixtures/make-trace.ts';
import { scanRequest } from '../receive/scan-request.ts';
import { allRows, Column, columnAt, type SpanBatch } from '../receive/span-batch.ts';
import { TailSampler } from './tail-sampler.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const MEBIBYTE = 1024 * 1024;
const REQUESTS = 100;
const REQUEST_SPANS = 10_000;
const SPANS = REQUESTS * REQUEST_SPANS;
/** Memory is looked at after so many requests: a collection of garbage takes as long as several of them. */
const REQUESTS_BETWEEN_LOOKS = 10;
/** Remembered decisions, tables that doubled, one request under way. */
const SLACK_BYTES = 32 * MEBIBYTE;

const TEMPLATE = scanned(
  encodeTracesData({
    resourceSpans: [
      {
        ...emptyResourceSpans(),
        scopeSpans: [
          {
            ...emptyScopeSpans(),
            spans: Array.from({ length: REQUEST_SPANS }, () => ({
              ...emptySpan(),
              traceId: TRACE_ID,
              spanId: spanIdFor(0),
              parentSpanId: spanIdFor(0),
              name: 'tiny',
            })),
          },
        ],
      },
    ],
  }),
);

function scanned(bytes: Uint8Array): SpanBatch {
  const result = scanRequest(bytes);
  if (!result.ok) throw new Error(result.error);
  return result.value.batch;
}

/** Behind the first byte of a span's trace id: the last four bytes of that id, and of the span's own, which follows it. */
const ID_ENDS = { trace: 12, span: 16 + 2 + 4 } as const;

/** The template with ids of its own, of traces or of spans. */
function requestOf(request: number, ids: keyof typeof ID_ENDS): SpanBatch {
  const bytes = Buffer.from(TEMPLATE.bytes);
  for (let row = 0; row < REQUEST_SPANS; row++)
    bytes.writeUInt32BE(request * REQUEST_SPANS + row + 1, columnAt(TEMPLATE, row, Column.traceIdAt) + ID_ENDS[ids]);
  return scanned(bytes);
}

function bytesInUse(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

interface Extreme {
  sampler: TailSampler;
  /** Traces and parts of them that were kept, with the largest. */
  kept: { traces: number; spans: number; largest: number };
  send: (batch: SpanBatch) => Promise<void>;
  pass: (ms: number) => void;
  /** What memory took at most above what it took before. */
  bytesMax: () => number;
  look: () => void;
}

function createExtreme(bounds: { pendingTracesMax: number; pendingBytesMax: number }): Extreme {
  let nowMs = 0;
  let bytesMax = 0;
  const bytesBefore = bytesInUse();
  const kept = { traces: 0, spans: 0, largest: 0 };
  const sink = roomySink(({ spanCount }) => {
    kept.traces++;
    kept.spans += spanCount;
    kept.largest = Math.max(kept.largest, spanCount);
  });
  const sampler = new TailSampler(
    {
      decide: () => KEPT,
      decisionWaitMs: 10_000,
      decisionWaitAfterRootMs: 1000,
      decisionsMax: { sampled: 50_000, notSampled: 50_000 },
      ...bounds,
    },
    { sink, nowMs: () => nowMs },
  );
  return {
    sampler,
    kept,
    send: async (batch) => {
      assert.equal((await sampler.accept(batch, allRows(batch))).kind, 'accepted');
      const { tracesPending, bytesPending } = sampler.ledger();
      assert.ok(tracesPending <= bounds.pendingTracesMax, `${tracesPending} traces`);
      assert.ok(bytesPending <= bounds.pendingBytesMax, `${bytesPending} bytes`);
    },
    pass: (ms) => {
      nowMs += ms;
      sampler.tick();
    },
    look: () => void (bytesMax = Math.max(bytesMax, bytesInUse() - bytesBefore)),
    bytesMax: () => bytesMax,
  };
}

describe('TailSampler', () => {
  it('takes a million traces of one span at the bound of traces', async () => {
    const bounds = { pendingTracesMax: 50_000, pendingBytesMax: 32 * MEBIBYTE };
    const { sampler, kept, send, pass, look, bytesMax } = createExtreme(bounds);
    for (let request = 0; request < REQUESTS; request++) {
      await send(requestOf(request, 'trace'));
      if (request % REQUESTS_BETWEEN_LOOKS === 0) look();
    }
    assert.equal(sampler.ledger().tracesDecidedEarly, SPANS - bounds.pendingTracesMax);
    pass(10_000);
    const ledger = sampler.ledger();
    assert.deepEqual([ledger.received, ledger.kept, ledger.pending], [SPANS, SPANS, 0]);
    assert.deepEqual([ledger.tracesPending, ledger.bytesPending], [0, 0]);
    assert.equal(ledger.tracesDecidedEarly + ledger.tracesDecidedByWait, SPANS);
    assert.deepEqual(kept, { traces: SPANS, spans: SPANS, largest: 1 });
    assert.ok(bytesMax() < bounds.pendingBytesMax + SLACK_BYTES, `${bytesMax()} bytes of memory`);
  });

  it('takes 200,000 traces of one span at the bound of bytes', async () => {
    const bounds = { pendingTracesMax: SPANS, pendingBytesMax: 8 * MEBIBYTE };
    const { sampler, kept, send, look, bytesMax } = createExtreme(bounds);
    for (let request = 0; request < REQUESTS / 5; request++) await send(requestOf(request, 'trace'));
    look();
    const { tracesPending, tracesDecidedEarly, bytesPending } = sampler.ledger();
    assert.ok(bytesPending > bounds.pendingBytesMax / 2, `${bytesPending} bytes`);
    assert.equal(tracesDecidedEarly + tracesPending, SPANS / 5);
    assert.equal(kept.traces, tracesDecidedEarly);
    assert.ok(bytesMax() < bounds.pendingBytesMax + SLACK_BYTES, `${bytesMax()} bytes of memory`);
  });

  it('keeps one trace of a million spans as one, and knows the spans of it that come again', async () => {
    const bounds = { pendingTracesMax: 100, pendingBytesMax: 256 * MEBIBYTE };
    const { sampler, kept, send, pass, look, bytesMax } = createExtreme(bounds);
    for (let request = 0; request < REQUESTS; request++) await send(requestOf(request, 'span'));
    const again = [0, 1, REQUESTS / 2, REQUESTS - 1];
    for (const request of again) await send(requestOf(request, 'span'));
    look();
    assert.ok(bytesMax() < sampler.ledger().bytesPending + SLACK_BYTES, `${bytesMax()} bytes of memory`);
    pass(10_000);
    const ledger = sampler.ledger();
    const duplicates = again.length * REQUEST_SPANS;
    assert.deepEqual([ledger.received, ledger.droppedDuplicate], [SPANS + duplicates, duplicates]);
    assert.deepEqual([ledger.kept, ledger.pending, ledger.bytesPending], [SPANS, 0, 0]);
    assert.deepEqual(kept, { traces: 1, spans: SPANS, largest: SPANS });
  });

  it('decides one trace that alone is over the bound of bytes early, and the rest of it follows', async () => {
    const bounds = { pendingTracesMax: 100, pendingBytesMax: 32 * MEBIBYTE };
    const { sampler, kept, send, look, bytesMax } = createExtreme(bounds);
    for (let request = 0; request < REQUESTS; request++) {
      await send(requestOf(request, 'span'));
      if (request % REQUESTS_BETWEEN_LOOKS === 0) look();
    }
    const ledger = sampler.ledger();
    assert.deepEqual([ledger.tracesDecidedEarly, ledger.kept, ledger.pending], [1, SPANS, 0]);
    assert.equal(ledger.late, SPANS - kept.largest);
    assert.equal(kept.spans, SPANS);
    assert.ok(bytesMax() < bounds.pendingBytesMax + SLACK_BYTES, `${bytesMax()} bytes of memory`);
  });
});
