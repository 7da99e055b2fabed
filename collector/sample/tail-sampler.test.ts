/** Every scenario runs against a clock of its own and ends with the ledger: received = pending + sampledOut + dropped + kept. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { flattenTracesData } from '@tracelab/model';
import { decodeTracesData, parseThreshold } from '@tracelab/protocol';
import * as fc from 'fast-check';
import { batchOf, KEPT, NOT_KEPT } from '../fixtures/decided.ts';
import { traceIdFor, type SpanSketch } from '../fixtures/make-trace.ts';
import { allRows } from '../receive/span-batch.ts';
import type { Ruling } from './policies/policy.ts';
import type { SpanFates } from './span-fates.ts';
import { child, createLab, keep, keepNothing, root } from './tail-sampler.test-kit.ts';

describe('TailSampler', () => {
  it('decides a trace one second after its root was received', async () => {
    const lab = createLab();
    await lab.send(child(1, 1));
    lab.pass(500);
    await lab.send(root(1));
    lab.pass(999);
    assert.equal(lab.decided.length, 0);
    lab.pass(1);
    assert.deepEqual(
      lab.decided.map((trace) => [trace.traceId, trace.spanCount]),
      [[traceIdFor(1), 2]],
    );
    assert.equal(lab.sampler.ledger().tracesDecidedByRoot, 1);
    await lab.balance();
  });

  it('decides a trace without a root ten seconds after its first span', async () => {
    const lab = createLab();
    await lab.send(child(1, 1));
    lab.pass(9000);
    await lab.send(child(1, 2));
    lab.pass(999);
    assert.equal(lab.decided.length, 0);
    lab.pass(1);
    assert.equal(lab.decided[0]?.spanCount, 2);
    assert.equal(lab.decided[0]?.root, undefined);
    assert.equal(lab.sampler.ledger().tracesDecidedByWait, 1);
    await lab.balance();
  });

  it('lets the root change nothing where the wait after it is 0, as upstream', async () => {
    const lab = createLab({ decisionWaitAfterRootMs: 0 });
    await lab.send(root(1));
    lab.pass(9999);
    assert.equal(lab.decided.length, 0);
    lab.pass(1);
    assert.equal(lab.decided.length, 1);
    await lab.balance();
  });

  it('writes the threshold of the decision on late spans too, of an earlier life as well', async () => {
    const threshold = parseThreshold('8');
    const kept: Ruling = { decision: 'sampled', threshold };
    const lab = createLab({ decide: () => kept });
    const [one, other] = ['f', 'e'].map((digit) => digit.repeat(32)) as [string, string];
    lab.sampler.remember(new Map([[other, kept]]));
    await lab.send({ ...root(0), traceId: one });
    lab.pass(1000);
    await lab.send({ ...child(0, 1), traceId: one });
    await lab.send({ ...root(0), traceId: other, traceState: 'ot=th:c' });
    assert.deepEqual(
      lab.decided.flatMap(({ bytes }) => {
        const data = decodeTracesData(bytes);
        return data.ok ? flattenTracesData(data.value).map(({ traceState }) => traceState) : [];
      }),
      ['ot=th:8', 'ot=th:8', 'ot=th:c'],
    );
    await lab.balance();
  });

  it('keeps late spans of a kept trace and drops those of a dropped one', async () => {
    for (const [decide, kept, sampledOut] of [
      [keep, 2, 0],
      [keepNothing, 0, 2],
    ] as const) {
      const lab = createLab({ decide });
      await lab.send(root(1));
      lab.pass(1000);
      await lab.send(child(1, 1));
      const ledger = lab.sampler.ledger();
      assert.deepEqual([ledger.kept, ledger.sampledOut, ledger.late, ledger.pending], [kept, sampledOut, 1, 0]);
      await lab.balance();
    }
  });

  it('gathers a trace anew whose decision is forgotten', async () => {
    const lab = createLab({ decisionsMax: { sampled: 1, notSampled: 1 } });
    await lab.send(root(1), root(2));
    lab.pass(1000);
    await lab.send(child(1, 1), child(2, 1));
    const ledger = lab.sampler.ledger();
    assert.deepEqual([ledger.late, ledger.pending], [1, 1]);
    await lab.balance();
  });

  it('does not forget a kept trace for the sake of those that are not kept', async () => {
    const lab = createLab({
      decisionsMax: { sampled: 1, notSampled: 1 },
      decide: ({ traceId }) => (traceId === traceIdFor(1) ? KEPT : NOT_KEPT),
    });
    await lab.send(root(1), root(2), root(3));
    lab.pass(1000);
    await lab.send(child(1, 1), child(2, 1), child(3, 1));
    const ledger = lab.sampler.ledger();
    assert.deepEqual([ledger.kept, ledger.late, ledger.pending], [2, 2, 1]);
    await lab.balance();
  });

  it('drops and counts a span that came twice, in one request and in two', async () => {
    const lab = createLab();
    await lab.send(root(1), root(1), child(1, 1));
    await lab.send(child(1, 1), child(1, 2));
    const ledger = lab.sampler.ledger();
    assert.deepEqual([ledger.received, ledger.droppedDuplicate, ledger.pending], [5, 2, 3]);
    await lab.balance();
  });

  it('stays below its bytes, and holds none when nothing is pending', async () => {
    const lab = createLab({ pendingBytesMax: 20_000 });
    for (let index = 0; index < 200; index++) {
      await lab.send({ ...root(index), attributes: { text: 'x'.repeat(1000) } });
      assert.ok(lab.sampler.ledger().bytesPending <= 20_000);
    }
    await lab.sampler.close();
    const ledger = lab.sampler.ledger();
    assert.deepEqual([ledger.bytesPending, ledger.tracesPending, ledger.kept], [0, 0, 200]);
    await lab.balance();
  });

  it('takes nothing while the store has no room, delays decisions, and loses nothing', async () => {
    const lab = createLab();
    await lab.send(root(1));
    lab.setRoom(false);
    assert.equal(await lab.send(root(2)), 'refused');
    lab.pass(60_000);
    assert.equal(lab.decided.length, 0);
    assert.equal(lab.sampler.ledger().received, 1);
    lab.setRoom(true);
    lab.pass(0);
    assert.equal(lab.decided.length, 1);
    await lab.balance();
  });

  it('lets a request with more traces than the buffer wait for the store', async () => {
    const lab = createLab({ pendingTracesMax: 1 });
    const batch = batchOf([root(1), root(2), root(3)]);
    const accepting = lab.sampler.accept(batch, allRows(batch));
    lab.setRoom(false);
    lab.setRoom(true);
    assert.equal((await accepting).kind, 'accepted');
    await lab.balance();
  });

  it('tells of each request what became of its spans, when none of them is pending', async () => {
    const lab = createLab({ decide: (trace) => (trace.traceId === traceIdFor(1) ? KEPT : NOT_KEPT) });
    const released: Record<string, SpanFates> = {};
    const send = async (name: string, ...sketches: SpanSketch[]): Promise<void> => {
      const batch = batchOf(sketches);
      await lab.sampler.accept(batch, allRows(batch), (fates) => void (released[name] = { ...fates }));
    };
    await send('first', root(1), child(1, 1), root(2), root(1));
    await send('second', child(1, 1), child(1, 2), child(2, 3));
    assert.deepEqual(released, {});
    lab.pass(1000);
    await send('late', child(1, 4), child(2, 4), child(1, 4));
    assert.deepEqual(released, {
      first: { received: 4, droppedDuplicate: 1, droppedAtEnd: 0, kept: 2 },
      second: { received: 3, droppedDuplicate: 1, droppedAtEnd: 0, kept: 1 },
      late: { received: 3, droppedDuplicate: 1, droppedAtEnd: 0, kept: 1 },
    });
    await lab.balance();
  });

  it('decides everything that is pending at the end', async () => {
    const lab = createLab();
    await lab.send(root(1), child(2, 1));
    await lab.sampler.close();
    assert.equal(lab.decided.length, 2);
    assert.equal(lab.sampler.ledger().tracesDecidedAtEnd, 2);
    await lab.balance();
  });

  it('reads a trace that is not yet decided', async () => {
    const lab = createLab();
    await lab.send(root(1), child(1, 1));
    const pending = await lab.sampler.readPending(traceIdFor(1));
    assert.ok(pending !== undefined);
    const data = decodeTracesData(pending);
    assert.ok(data.ok);
    assert.equal(flattenTracesData(data.value).length, 2);
    assert.equal(await lab.sampler.readPending(traceIdFor(2)), undefined);
  });

  it('gives the store the numbers of the trace', async () => {
    const lab = createLab();
    await lab.send(
      { ...child(1, 1), service: 'bank', name: 'charge', startMs: 10, endMs: 50, isError: true },
      { ...root(1), service: 'shop', name: 'POST /checkout', startMs: 5, endMs: 40 },
    );
    lab.pass(1000);
    const [trace] = lab.decided;
    assert.ok(trace !== undefined);
    assert.equal(trace.endTimeUnixNano - trace.startTimeUnixNano, 45_000_000n);
    assert.deepEqual(
      [trace.spanCount, trace.errorCount, trace.root?.service, trace.root?.name],
      [2, 1, 'shop', 'POST /checkout'],
    );
    assert.deepEqual(
      trace.operations.map(({ service, operation, errorCount }) => [service, operation, errorCount]),
      [
        ['bank', 'charge', 1],
        ['shop', 'POST /checkout', 0],
      ],
    );
  });

  it('balances after any history', async () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('send' as const),
        spans: fc.array(fc.tuple(fc.nat(4), fc.nat(5)), { minLength: 1, maxLength: 8 }),
      }),
      fc.record({ kind: fc.constant('pass' as const), ms: fc.nat(6000) }),
      fc.record({ kind: fc.constant('room' as const), hasRoom: fc.boolean() }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const lab = createLab({
          decisionsMax: { sampled: 2, notSampled: 2 },
          decide: ({ traceId }) => (Number.parseInt(traceId, 16) % 2 === 1 ? KEPT : NOT_KEPT),
        });
        for (const each of steps) {
          if (each.kind === 'send')
            await lab.send(...each.spans.map(([trace, span]) => (span === 0 ? root(trace) : child(trace, span))));
          else if (each.kind === 'pass') lab.pass(each.ms);
          else lab.setRoom(each.hasRoom);
          await lab.balance();
        }
        await lab.sampler.close();
        await lab.balance();
        assert.equal(lab.sampler.ledger().bytesPending, 0);
      }),
      { numRuns: 100 },
    );
  });
});
