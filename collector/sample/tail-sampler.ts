import { ArrayPool } from '../receive/array-pool.ts';
import { Column, COLUMNS, columnAt, hasParentAt, type SpanBatch } from '../receive/span-batch.ts';
import { assembleTrace, encodeTrace } from './assemble-trace.ts';
import { GatheredTraces } from './buffer/gathered-traces.ts';
import { HeldBatches, type HeldBatch } from './buffer/held-batches.ts';
import { NO_SLOT } from './buffer/id-table.ts';
import { SlotQueue } from './buffer/slot-queue.ts';
import { TraceView } from './buffer/trace-view.ts';
import type { DecidedTraceSink } from './decided-trace.ts';
import { DecisionCache } from './decision-cache.ts';
import type { DecisionTap, Trigger } from './decision-tap.ts';
import { OperationIndex } from './operation-index.ts';
import type { Decide } from './policies/decide.ts';
import type { Decision } from './policies/policy.ts';
import { EMPTY_SAMPLER_LEDGER, type Acceptance, type Sampler, type SamplerLedger } from './sampler.ts';
import { TraceFacts } from './trace-facts.ts';

export interface TailSamplerOptions {
  decide: Decide;
  /** From the first span of a trace that was received. */
  decisionWaitMs: number;
  /** From the receipt of its root; 0 means that the root changes nothing. */
  decisionWaitAfterRootMs: number;
  /** At either bound the oldest trace is decided early, with what is there. One request may overshoot the bytes. */
  pendingTracesMax: number;
  pendingBytesMax: number;
  decisionsMax: number;
}

export interface TailSamplerEffects {
  sink: DecidedTraceSink;
  taps?: readonly DecisionTap[];
  /** Monotonic. */
  nowMs: () => number;
  /** Numbers the operations of what arrives, for the taps. */
  operations?: OperationIndex;
  /** For what comes in no memory of a pool. */
  arrays?: ArrayPool;
  /** Of the table that finds traces. @default 0 */
  tableSeed?: number;
}

const TRIGGER_COUNTS = {
  root: 'tracesDecidedByRoot',
  wait: 'tracesDecidedByWait',
  early: 'tracesDecidedEarly',
  end: 'tracesDecidedAtEnd',
} as const satisfies Record<Trigger, keyof SamplerLedger>;

/**
 * Gathers spans by trace and decides each trace once:
 *
 *   unknown --first span--> pending --root + wait, or wait, or bound, or end--> decided --> late spans follow
 *
 * Both waits are constants, so two queues are the whole timetable; no trace has a timer. Spans wait where they lie in the
 * bytes of their request, which are held until the last trace in it is decided: no longer than the wait.
 */
export class TailSampler implements Sampler {
  readonly #options: TailSamplerOptions;
  readonly #effects: TailSamplerEffects;
  readonly #held: HeldBatches;
  readonly #traces: GatheredTraces;
  readonly #trace: TraceView;
  readonly #pending = new SlotQueue();
  readonly #rooted = new SlotQueue();
  readonly #decisions: DecisionCache;
  /** What came for decided traces, until the end of its request. */
  readonly #late: GatheredTraces;
  readonly #lateTrace: TraceView;
  readonly #lateQueue = new SlotQueue();
  /** By slot: the cache may forget one before its request ends. */
  readonly #lateDecisions: Decision[] = [];
  readonly #operations: OperationIndex;
  readonly #facts = new TraceFacts();
  readonly #ledger: SamplerLedger = { ...EMPTY_SAMPLER_LEDGER };
  readonly #countPolicyError = (): void => void this.#ledger.policyErrors++;

  constructor(options: TailSamplerOptions, effects: TailSamplerEffects) {
    const tableSeed = effects.tableSeed ?? 0;
    this.#options = options;
    this.#effects = effects;
    this.#operations = effects.operations ?? new OperationIndex();
    this.#held = new HeldBatches(effects.arrays ?? new ArrayPool(options.pendingBytesMax));
    this.#traces = new GatheredTraces(this.#held, tableSeed);
    this.#trace = new TraceView(this.#traces);
    this.#decisions = new DecisionCache(options.decisionsMax, tableSeed);
    this.#late = new GatheredTraces(this.#held, tableSeed);
    this.#lateTrace = new TraceView(this.#late);
  }

  async accept(batch: SpanBatch, rows: Uint32Array, onReleased?: () => void): Promise<Acceptance> {
    if (!this.#effects.sink.hasRoom()) return { kind: 'refused' };
    const held = this.#held.take(batch, onReleased);
    // By index: what an iterator gives is an object for each span.
    for (let index = 0; index < rows.length; index++) {
      this.#ledger.received++;
      this.#gather(held, rows[index] as number);
      while (this.#traces.size > this.#options.pendingTracesMax) {
        // One request may hold more traces than the buffer: its sender waits while the store makes room. No promise where it has
        // some: at the bound each new trace comes here.
        if (!this.#effects.sink.hasRoom()) await this.#effects.sink.untilRoom();
        this.#decideOldest();
      }
    }
    this.#followAll();
    this.#held.giveBack(held);
    while (this.#bytesHeld() > this.#options.pendingBytesMax && this.#traces.size > 0) {
      if (!this.#effects.sink.hasRoom()) await this.#effects.sink.untilRoom();
      this.#decideOldest();
    }
    return { kind: 'accepted' };
  }

  tick(): void {
    const nowMs = this.#effects.nowMs();
    const { decisionWaitMs, decisionWaitAfterRootMs } = this.#options;
    const traces = this.#traces;
    this.#decideDue('root', nowMs, (slot) => traces.rootSeenMs(slot) + decisionWaitAfterRootMs);
    this.#decideDue('wait', nowMs, (slot) => traces.firstSeenMs(slot) + decisionWaitMs);
  }

  remember(decisions: ReadonlyMap<string, Decision>): void {
    for (const [traceId, decision] of decisions) {
      const id = Buffer.from(traceId, 'hex');
      if (this.#decisions.recall(id, 0) === undefined) this.#decisions.recordAt(id, 0, decision);
    }
  }

  recognise(duplicateCount: number): void {
    this.#ledger.received += duplicateCount;
    this.#ledger.droppedDuplicate += duplicateCount;
  }

  readPending(traceId: string): Promise<Uint8Array | undefined> {
    const slot = this.#traces.find(Buffer.from(traceId, 'hex'), 0);
    return Promise.resolve(slot === NO_SLOT ? undefined : encodeTrace(this.#trace.on(slot)));
  }

  ledger(): Promise<SamplerLedger> {
    return Promise.resolve(this.counts());
  }

  /** The ledger of this instant. */
  counts(): SamplerLedger {
    return { ...this.#ledger, tracesPending: this.#traces.size, bytesPending: this.#bytesHeld() };
  }

  close(): Promise<void> {
    while (this.#traces.size > 0) this.#decide(this.#pending.oldest, 'end');
    return Promise.resolve();
  }

  #gather(batch: HeldBatch, row: number): void {
    const idAt = columnAt(batch, row, Column.traceIdAt);
    const slot = this.#traces.find(batch.bytes, idAt);
    batch.numbers[row * COLUMNS + Column.operation] = this.#operations.indexOf(batch, row);
    const decision = slot === NO_SLOT ? this.#decisions.recall(batch.bytes, idAt) : undefined;
    if (decision === undefined) this.#buffer(slot === NO_SLOT ? this.#addTrace(batch, row) : slot, batch, row);
    else this.#addLate(decision, batch, row);
  }

  #addTrace(batch: HeldBatch, row: number): number {
    const slot = this.#traces.add(batch, row, this.#effects.nowMs());
    this.#pending.add(slot);
    return slot;
  }

  #buffer(slot: number, batch: HeldBatch, row: number): void {
    if (!this.#traces.addRow(slot, batch, row)) {
      this.#ledger.droppedDuplicate++;
      return;
    }
    this.#ledger.pending++;
    if (hasParentAt(batch, row) || this.#options.decisionWaitAfterRootMs === 0 || this.#hasRoot(slot)) return;
    this.#traces.setRootSeen(slot, this.#effects.nowMs());
    this.#rooted.add(slot);
  }

  #hasRoot(slot: number): boolean {
    return !Number.isNaN(this.#traces.rootSeenMs(slot));
  }

  #addLate(decision: Decision, batch: HeldBatch, row: number): void {
    let slot = this.#late.find(batch.bytes, columnAt(batch, row, Column.traceIdAt));
    if (slot === NO_SLOT) {
      slot = this.#late.add(batch, row, this.#effects.nowMs());
      this.#lateQueue.add(slot);
      this.#lateDecisions[slot] = decision;
    }
    if (this.#late.addRow(slot, batch, row)) {
      this.#ledger.late++;
      this.#ledger.pending++;
    } else this.#ledger.droppedDuplicate++;
  }

  /** Late spans follow the recorded decision: a trace is never half kept because of when its spans came. */
  #followAll(): void {
    for (let slot = this.#lateQueue.oldest; slot !== NO_SLOT; slot = this.#lateQueue.oldest) {
      const part = this.#lateTrace.on(slot);
      const decision = this.#lateDecisions[slot] as Decision;
      this.#ledger.pending -= part.spanCount;
      for (const tap of this.#effects.taps ?? []) tap.late(part, decision);
      this.#settle(part, decision, this.#facts.gather(part));
      this.#lateQueue.delete(slot);
      this.#late.delete(slot);
    }
  }

  #decideOldest(): void {
    if (this.#traces.size > 0) this.#decide(this.#pending.oldest, 'early');
  }

  #bytesHeld(): number {
    return this.#traces.bytesHeld + this.#held.bytesHeld;
  }

  #decideDue(trigger: 'root' | 'wait', nowMs: number, dueMsOf: (slot: number) => number): void {
    const queue = trigger === 'root' ? this.#rooted : this.#pending;
    for (let slot = queue.oldest; slot !== NO_SLOT; slot = queue.oldest) {
      const lagMs = nowMs - dueMsOf(slot);
      if (lagMs < 0 || !this.#effects.sink.hasRoom()) return;
      this.#decide(slot, trigger, lagMs);
    }
  }

  #decide(slot: number, trigger: Trigger, lagMs = 0): void {
    const trace = this.#trace.on(slot);
    const decision = this.#options.decide(trace, this.#countPolicyError);
    this.#decisions.record(trace, decision);
    this.#ledger[TRIGGER_COUNTS[trigger]]++;
    this.#ledger.pending -= trace.spanCount;
    const facts = this.#facts.gather(trace);
    for (const tap of this.#effects.taps ?? []) tap.decided(trace, { decision, trigger, lagMs, facts });
    this.#settle(trace, decision, facts);
    this.#pending.delete(slot);
    if (this.#hasRoot(slot)) this.#rooted.delete(slot);
    this.#traces.delete(slot);
  }

  #settle(trace: TraceView, decision: Decision, facts: TraceFacts): void {
    if (decision !== 'sampled') {
      this.#ledger.sampledOut += trace.spanCount;
      return;
    }
    this.#ledger.kept += trace.spanCount;
    this.#effects.sink.accept(assembleTrace(trace, facts));
  }
}
