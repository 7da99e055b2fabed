/** What the sampler does at its bounds; every scenario against a clock of its own. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeTracesData } from '@tracelab/protocol';
import { batchOf } from '../fixtures/decided.ts';
import { traceIdFor, tracesOf, type SpanSketch } from '../fixtures/make-trace.ts';
import { allRows } from '../receive/span-batch.ts';
import type { SpanFates } from './span-fates.ts';
import { child, createLab, root } from './tail-sampler.test-kit.ts';

describe('TailSampler at its bounds', () => {
  it('does not keep a trace that grows over its size, before its wait and without asking, and its late spans follow', async () => {
    const sizeBytes = encodeTracesData(tracesOf([root(1), child(1, 1)])).length;
    const lab = createLab({ traceBytesMax: sizeBytes });
    await lab.send(root(1), child(1, 1), root(2));
    assert.equal(lab.sampler.ledger().tracesDecidedTooLarge, 0);
    await lab.send(child(1, 2), child(1, 3));
    const ledger = lab.sampler.ledger();
    assert.deepEqual([ledger.tracesDecidedTooLarge, ledger.sampledOut, ledger.late, ledger.pending], [1, 4, 1, 1]);
    lab.pass(1000);
    assert.deepEqual(
      lab.decided.map(({ traceId }) => traceId),
      [traceIdFor(2)],
    );
    await lab.sampler.close();
    assert.equal(lab.sampler.ledger().bytesPending, 0);
    await lab.balance();
  });

  it('decides the oldest trace early at the bound of traces, and says so', async () => {
    const lab = createLab({ pendingTracesMax: 2 });
    await lab.send(root(1), root(2), root(3));
    assert.deepEqual(
      lab.decided.map((trace) => trace.traceId),
      [traceIdFor(1)],
    );
    assert.equal(lab.sampler.ledger().tracesDecidedEarly, 1);
    await lab.balance();
  });

  it('waits at the bound of traces where it blocks, until a trace is due, and a request with more is taken whole', async () => {
    const lab = createLab({ pendingTracesMax: 2, blocksOnOverflow: true });
    await lab.send(child(1, 1));
    assert.equal(lab.sampler.msUntilRoom(), 0);
    lab.pass(4000);
    await lab.send(root(2), root(3), root(4));
    assert.equal(lab.sampler.msUntilRoom(), 1000, 'the second is due first, after its root');
    assert.equal(await lab.send(child(2, 1)), 'accepted', 'a replay does not ask');
    lab.pass(400);
    assert.equal(lab.sampler.msUntilRoom(), 600);
    lab.pass(600);
    assert.equal(lab.sampler.msUntilRoom(), 0);
    assert.equal(lab.sampler.ledger().tracesDecidedEarly, 0);
    await lab.balance();
  });

  it('waits at the bound of bytes where it blocks', async () => {
    const lab = createLab({ pendingBytesMax: 100, blocksOnOverflow: true });
    await lab.send(child(1, 1));
    assert.equal(lab.sampler.msUntilRoom(), 10_000);
    lab.setRoom(false);
    lab.pass(10_000);
    assert.equal(lab.sampler.msUntilRoom(), 1, 'it is due, and waits for the store');
    lab.setRoom(true);
    lab.pass(0);
    assert.equal(lab.sampler.msUntilRoom(), 0);
    await lab.balance();
  });

  it('drops what is undecided at the end only where it is told to, without a decision', async () => {
    for (const dropsPendingAtEnd of [false, true]) {
      const lab = createLab({ dropsPendingAtEnd, traceBytesMax: 1e6 });
      await lab.send(root(1), child(1, 1), child(2, 1));
      await lab.sampler.close();
      const ledger = lab.sampler.ledger();
      const wanted = dropsPendingAtEnd ? [3, 0, 0] : [0, 3, 2];
      assert.deepEqual([ledger.droppedAtEnd, ledger.kept, ledger.tracesDecidedAtEnd], wanted);
      assert.deepEqual([ledger.pending, ledger.bytesPending], [0, 0]);
      await lab.balance();
    }
  });

  it('tells of each request what was dropped of it at the end', async () => {
    const lab = createLab({ dropsPendingAtEnd: true });
    const released: SpanFates[] = [];
    const send = async (...sketches: SpanSketch[]): Promise<void> => {
      const batch = batchOf(sketches);
      await lab.sampler.accept(batch, allRows(batch), (fates) => void released.push({ ...fates }));
    };
    await send(root(1), child(2, 1));
    lab.pass(1000);
    await send(child(2, 1), child(2, 2), child(3, 1));
    await lab.sampler.close();
    assert.deepEqual(released, [
      { received: 2, droppedDuplicate: 0, droppedAtEnd: 1, kept: 1 },
      { received: 3, droppedDuplicate: 1, droppedAtEnd: 2, kept: 0 },
    ]);
    await lab.balance();
  });
});
