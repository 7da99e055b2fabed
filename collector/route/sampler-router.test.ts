import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { batchOf, KEPT, NOT_KEPT, roomySink } from '../fixtures/decided.ts';
import { spanIdFor, traceIdFor } from '../fixtures/make-trace.ts';
import type { DecidedTrace } from '../sample/decided-trace.ts';
import type { SpanFates } from '../sample/span-fates.ts';
import { TailSampler } from '../sample/tail-sampler.ts';
import { createSamplerRouter } from './sampler-router.ts';

function createSampler(decided: DecidedTrace[], hasRoom = true): TailSampler {
  return new TailSampler(
    {
      decide: () => KEPT,
      decisionWaitMs: 1,
      decisionWaitAfterRootMs: 1,
      pendingTracesMax: 100,
      pendingBytesMax: 1e6,
      decisionsMax: { sampled: 10, notSampled: 10 },
    },
    {
      sink: { ...roomySink((trace) => void decided.push(trace)), hasRoom: () => hasRoom },
      nowMs: () => 0,
    },
  );
}

describe('createSamplerRouter', () => {
  it('sends all spans of a trace to one sampler, reads from it, and adds the ledgers up', async () => {
    const decided: DecidedTrace[][] = [[], [], []];
    const router = createSamplerRouter(decided.map((list) => createSampler(list)));
    for (const at of [0, 1]) {
      await router.accept(
        batchOf(Array.from({ length: 30 }, (_, index) => ({ traceId: traceIdFor(index), spanId: spanIdFor(at) }))),
      );
    }
    assert.ok((await router.readPending(traceIdFor(5))) !== undefined);
    assert.deepEqual([router.ledger().received, router.ledger().tracesPending], [60, 30]);
    await router.close();
    assert.deepEqual(
      decided.map((list) => list.length),
      [10, 10, 10],
    );
    assert.ok(decided.flat().every((trace) => trace.spanCount === 2));
  });

  it('refuses where one sampler refuses', async () => {
    const router = createSamplerRouter([createSampler([]), createSampler([], false)]);
    assert.equal((await router.accept(batchOf([{ spanId: spanIdFor(0) }]))).kind, 'refused');
  });

  it('tells once that a request is released and what became of its spans, when no sampler holds anything of it', async () => {
    const samplers = [createSampler([]), createSampler([])];
    const router = createSamplerRouter(samplers);
    const releases: SpanFates[] = [];
    const batch = batchOf([0, 1].map((index) => ({ traceId: traceIdFor(index), spanId: spanIdFor(0) })));
    await router.accept(batch, undefined, (fates) => releases.push(fates));
    await samplers[0]?.close();
    assert.equal(releases.length, 0);
    await samplers[1]?.close();
    assert.deepEqual(releases, [{ received: 2, droppedDuplicate: 0, droppedAtEnd: 0, kept: 2 }]);
    await router.accept(batch, Uint32Array.of(1), (fates) => releases.push(fates));
    assert.deepEqual(
      [releases[1], router.ledger().received],
      [{ received: 1, droppedDuplicate: 0, droppedAtEnd: 0, kept: 1 }, 3],
    );
  });

  it('reminds of a decision the sampler that owns the trace', async () => {
    const decided: DecidedTrace[] = [];
    const router = createSamplerRouter([createSampler(decided), createSampler(decided)]);
    const ids = [traceIdFor(0), traceIdFor(1)];
    router.remember(
      new Map([
        [ids[0] as string, KEPT],
        [ids[1] as string, NOT_KEPT],
      ]),
    );
    await router.accept(batchOf(ids.map((traceId) => ({ traceId, spanId: spanIdFor(0) }))));
    const { late, kept, sampledOut } = router.ledger();
    assert.deepEqual([late, kept, sampledOut], [2, 1, 1]);
    assert.deepEqual(
      decided.map(({ traceId }) => traceId),
      [ids[0]],
    );
  });
});
