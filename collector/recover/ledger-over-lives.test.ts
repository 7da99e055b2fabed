/**
 * The ledger over random lives: spans arrive, are decided and stored while writes, decisions, savings and deletions come through or hang, and
 * the process is killed or stopped at any point. A model counts what was acknowledged; which spans are kept is known, since a trace has
 * errors alone or none.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Ledger } from '@tracelab/protocol';
import * as fc from 'fast-check';
import { spanIdFor, traceIdFor, type SpanSketch } from '../fixtures/make-trace.ts';
import { findImbalance } from '../report/ledger.ts';
import { Disk, Life, PARTS, type Part } from './lives.test-kit.ts';

const TRACES = 6;

type Step =
  | { kind: 'send'; traces: number[]; rejected: number }
  | { kind: 'sendAgain'; request: number }
  | { kind: 'pass'; ms: number }
  | { kind: 'hang'; part: Part }
  | { kind: 'resume' }
  | { kind: 'kill'; didComeThrough: boolean }
  | { kind: 'stop' };

const send = fc.record({
  kind: fc.constant('send' as const),
  traces: fc.array(fc.nat(TRACES - 1), { minLength: 1, maxLength: 4 }),
  rejected: fc.nat(1),
});
const others = [
  fc.record({ kind: fc.constant('pass' as const), ms: fc.constantFrom(100, 1000, 10_000) }),
  fc.record({ kind: fc.constant('hang' as const), part: fc.constantFrom(...PARTS) }),
  fc.constant({ kind: 'resume' as const }),
  fc.record({ kind: fc.constant('kill' as const), didComeThrough: fc.boolean() }),
  fc.constant({ kind: 'stop' as const }),
];
const sendAgain = fc.record({ kind: fc.constant('sendAgain' as const), request: fc.nat(30) });
const stepsArbitrary = fc.array(fc.oneof(send, send, send, ...others), { maxLength: 40, size: 'max' });
const repeatingArbitrary = fc.array(fc.oneof(send, send, sendAgain, ...others), { maxLength: 40, size: 'max' });

/** Lives on one disk, and what the ledger should say of them. */
class Lives {
  readonly disk = new Disk();
  readonly requests: SpanSketch[][] = [];
  readonly keptIds = new Set<string>();
  received = 0;
  sampledOut = 0;
  rejected = 0;
  #life: Life | undefined;
  #spans = 0;
  readonly #hasLog: () => boolean;
  readonly #dropsPendingAtEnd: boolean;

  constructor(hasLog: () => boolean, dropsPendingAtEnd = false) {
    this.#hasLog = hasLog;
    this.#dropsPendingAtEnd = dropsPendingAtEnd;
  }

  get life(): Life {
    return this.#life ?? assert.fail('none has begun');
  }

  async begin(): Promise<void> {
    const dropsPendingAtEnd = this.#dropsPendingAtEnd;
    this.#life = await Life.begin(this.disk, { hasLog: this.#hasLog(), dropsPendingAtEnd });
  }

  async take(step: Step): Promise<void> {
    if (step.kind === 'send')
      await this.#send(
        step.traces.map((trace) => this.#nextSpan(trace)),
        step.rejected,
      );
    else if (step.kind === 'sendAgain') await this.#send(this.requests[step.request] ?? [], 0);
    else if (step.kind === 'pass') await this.life.pass(step.ms);
    else if (step.kind === 'hang') this.life.hang(step.part);
    else if (step.kind === 'resume') await this.life.resume();
    else await this.#end(step);
  }

  /** The ledger after the step balances. */
  async takeBalanced(step: Step): Promise<Ledger> {
    await this.take(step);
    const ledger = this.life.ledger();
    assert.equal(findImbalance(ledger), undefined);
    return ledger;
  }

  /** And has received each span that was sent. */
  async takeCounted(step: Step): Promise<Ledger> {
    const ledger = await this.takeBalanced(step);
    assert.equal(ledger.received - ledger.rejected, this.received, JSON.stringify(step));
    return ledger;
  }

  /** All is decided and stored. */
  async finish(): Promise<Ledger> {
    await this.life.resume();
    for (let turn = 0; turn < 2; turn++) await this.life.pass(20_000);
    return this.life.ledger();
  }

  async storedIds(): Promise<string[]> {
    const stored = Array.from({ length: TRACES }, (_, trace) => this.disk.storedSpanIds(traceIdFor(trace)));
    return (await Promise.all(stored)).flat().sort();
  }

  #nextSpan(trace: number): SpanSketch {
    return { traceId: traceIdFor(trace), spanId: spanIdFor(this.#spans++), isError: trace % 2 === 0 };
  }

  async #send(sketches: SpanSketch[], rejected: number): Promise<void> {
    if (sketches.length === 0) return;
    assert.ok(await this.life.send(sketches, rejected));
    this.requests.push(sketches);
    this.received += sketches.length;
    this.rejected += rejected;
    for (const { spanId, isError } of sketches) {
      if (isError === true) this.keptIds.add(spanId);
      else this.sampledOut++;
    }
  }

  async #end(step: { kind: 'kill'; didComeThrough: boolean } | { kind: 'stop' }): Promise<void> {
    if (step.kind === 'kill') this.life.kill(step.didComeThrough);
    else await this.life.stop();
    await this.begin();
  }
}

describe('the ledger over lives that are killed or stopped', () => {
  it('counts every span once, at any moment and in the end, with a write-ahead log', async () => {
    await fc.assert(
      fc.asyncProperty(stepsArbitrary, async (steps) => {
        const lives = new Lives(() => true);
        await lives.begin();
        for (const step of steps) {
          const ledger = await lives.takeCounted(step);
          assert.ok(ledger.kept <= lives.keptIds.size && ledger.sampledOut <= lives.sampledOut);
          assert.ok(ledger.rejected <= lives.rejected);
          const { droppedDuplicate, droppedLost, storeDropped, storeLost } = ledger;
          assert.deepEqual([droppedDuplicate, droppedLost, storeDropped, storeLost], [0, 0, 0, 0]);
        }
        const { pending, storeQueued, kept, stored, sampledOut } = await lives.finish();
        assert.deepEqual([pending, storeQueued], [0, 0]);
        assert.deepEqual([kept, stored, sampledOut], [lives.keptIds.size, lives.keptIds.size, lives.sampledOut]);
        assert.deepEqual(await lives.storedIds(), [...lives.keptIds].sort());
      }),
      { numRuns: 150 },
    );
  });

  it('balances and has received each one, also where spans are sent again', async () => {
    await fc.assert(
      fc.asyncProperty(repeatingArbitrary, async (steps) => {
        const lives = new Lives(() => true);
        await lives.begin();
        for (const step of steps) await lives.takeCounted(step);
        const { kept } = await lives.finish();
        assert.ok(kept >= lives.keptIds.size);
        assert.deepEqual(new Set(await lives.storedIds()), lives.keptIds);
      }),
      { numRuns: 100 },
    );
  });

  it('balances and invents nothing where lives have a log or none by turns', async () => {
    await fc.assert(
      fc.asyncProperty(stepsArbitrary, fc.array(fc.boolean(), { minLength: 1 }), async (steps, logs) => {
        let lifeCount = 0;
        const lives = new Lives(() => logs[lifeCount++ % logs.length] === true);
        await lives.begin();
        for (const step of steps) {
          const ledger = await lives.takeBalanced(step);
          assert.ok(ledger.received - ledger.rejected <= lives.received);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('counts every span once where each stop drops what is undecided, and never forgets what was dropped', async () => {
    await fc.assert(
      fc.asyncProperty(stepsArbitrary, async (steps) => {
        const lives = new Lives(() => true, true);
        await lives.begin();
        let droppedAtEnd = 0;
        for (const step of steps) {
          const ledger = await lives.takeCounted(step);
          assert.ok(
            ledger.droppedAtEnd >= droppedAtEnd && (step.kind === 'stop' || ledger.droppedAtEnd === droppedAtEnd),
          );
          ({ droppedAtEnd } = ledger);
          assert.deepEqual([ledger.droppedDuplicate, ledger.droppedLost, ledger.storeDropped], [0, 0, 0]);
        }
        const { pending, storeQueued, kept, stored, sampledOut } = await lives.finish();
        assert.deepEqual([pending, storeQueued, kept + sampledOut + droppedAtEnd], [0, 0, lives.received]);
        const storedIds = await lives.storedIds();
        assert.deepEqual([kept, stored], [storedIds.length, storedIds.length]);
        assert.ok(storedIds.every((id) => lives.keptIds.has(id)) && sampledOut <= lives.sampledOut);
      }),
      { numRuns: 100 },
    );
  });

  for (const hasLog of [true, false])
    it(`keeps what stops have dropped, over stops and kills, ${hasLog ? 'with a log' : 'without one'}`, async () => {
      const lives = new Lives(() => hasLog, true);
      await lives.begin();
      const stop = { kind: 'stop' } as const;
      const counts = (): number[] => {
        const { received, pending, droppedAtEnd, droppedLost, sampledOut, kept, stored } = lives.life.ledger();
        return [received, pending, droppedAtEnd, droppedLost, sampledOut, kept, stored];
      };
      await lives.take({ kind: 'send', traces: [0, 1], rejected: 0 });
      await lives.take({ kind: 'pass', ms: 10_000 });
      await lives.take({ kind: 'send', traces: [2, 3, 2], rejected: 0 });
      assert.deepEqual(counts(), [5, 3, 0, 0, 1, 1, 1]);
      await lives.take(stop);
      assert.deepEqual(counts(), [5, 0, 3, 0, 1, 1, 1]);
      assert.equal(lives.disk.segments.size, 0);
      await lives.take({ kind: 'send', traces: [4], rejected: 0 });
      await lives.take(stop);
      await lives.take({ kind: 'kill', didComeThrough: false });
      assert.deepEqual(counts(), [6, 0, 4, 0, 1, 1, 1]);
    });

  it('counts as pending again what a stop had dropped, where the store gave up and the log is needed', async () => {
    const lives = new Lives(() => true, true);
    await lives.begin();
    await lives.take({ kind: 'send', traces: [0], rejected: 0 });
    lives.life.hang('writes');
    await lives.take({ kind: 'pass', ms: 10_000 });
    await lives.take({ kind: 'send', traces: [2, 3], rejected: 0 });
    await lives.take({ kind: 'stop' });
    const { received, pending, droppedAtEnd, kept } = lives.life.ledger();
    assert.deepEqual([received, pending, droppedAtEnd, kept], [3, 2, 0, 1]);
  });

  it('counts no segment twice that was saved as settled and not yet deleted', async () => {
    const lives = new Lives(() => true);
    await lives.begin();
    for (const traces of [[0, 1], [1], [2, 3]]) await lives.take({ kind: 'send', traces, rejected: 0 });
    lives.life.hang('deletions');
    await lives.take({ kind: 'pass', ms: 1000 });
    await lives.take({ kind: 'pass', ms: 1000 });
    assert.deepEqual([lives.disk.ledger?.segmentsSettled, [...lives.disk.segments.keys()]], [[1], [1, 2]]);
    await lives.take({ kind: 'kill', didComeThrough: false });
    assert.deepEqual([...lives.disk.segments.keys()], [2]);
    const { received, kept, stored, sampledOut } = lives.life.ledger();
    assert.deepEqual([received, kept, stored, sampledOut], [5, 2, 2, 3]);
  });

  it('counts a span that came twice before its decision as a duplicate in the next life too', async () => {
    const lives = new Lives(() => true);
    await lives.begin();
    await lives.take({ kind: 'send', traces: [0, 1], rejected: 0 });
    await lives.take({ kind: 'sendAgain', request: 0 });
    await lives.take({ kind: 'pass', ms: 1000 });
    const { sinceUnixMs: _since, ...before } = lives.life.ledger();
    assert.deepEqual([before.droppedDuplicate, before.kept, before.sampledOut], [2, 1, 1]);
    await lives.take({ kind: 'kill', didComeThrough: false });
    assert.deepEqual(lives.life.ledger(), { sinceUnixMs: 1, ...before });
  });

  it('carries over what a replay had recognised, when its segment has gone', async () => {
    const lives = new Lives(() => true);
    await lives.begin();
    for (const traces of [[0, 1], [1], [2, 3]]) await lives.take({ kind: 'send', traces, rejected: 0 });
    lives.life.hang('savings');
    await lives.take({ kind: 'pass', ms: 1000 });
    await lives.take({ kind: 'kill', didComeThrough: false });
    await lives.take({ kind: 'pass', ms: 1000 });
    assert.deepEqual([lives.disk.ledger?.counts.received, [...lives.disk.segments.keys()]], [3, [2]]);
    await lives.take({ kind: 'kill', didComeThrough: false });
    const { received, kept, stored, sampledOut } = lives.life.ledger();
    assert.deepEqual([received, kept, stored, sampledOut], [5, 2, 2, 3]);
  });

  it('counts what was saved as pending or queued as lost, where there was no log', async () => {
    const lives = new Lives(() => false);
    await lives.begin();
    lives.life.hang('writes');
    await lives.take({ kind: 'send', traces: [0, 0, 1], rejected: 1 });
    await lives.take({ kind: 'pass', ms: 10_000 });
    await lives.take({ kind: 'pass', ms: 600 });
    await lives.take({ kind: 'send', traces: [2, 3], rejected: 0 });
    await lives.take({ kind: 'pass', ms: 400 });
    await lives.take({ kind: 'send', traces: [4], rejected: 0 });
    await lives.take({ kind: 'kill', didComeThrough: false });
    const { received, rejected, pending, droppedLost, sampledOut, kept, storeLost } = lives.life.ledger();
    assert.deepEqual([received, rejected, pending, droppedLost, sampledOut], [6, 1, 0, 2, 1]);
    assert.deepEqual([kept, storeLost], [2, 2]);
  });
});
