import { Column, columnAt, hasParentAt, traceIdAt, type SpanBatch } from '../receive/span-batch.ts';
import { assembleTrace, encodeTrace } from './assemble-trace.ts';
import type { DecidedTraceSink } from './decided-trace.ts';
import { DecisionCache } from './decision-cache.ts';
import type { DecisionTap, Trigger } from './decision-tap.ts';
import { EnvelopePool } from './envelope-pool.ts';
import { HeldBatches, type HeldBatch } from './held-batch.ts';
import { OldestFirst } from './oldest-first.ts';
import { PendingTrace } from './pending-trace.ts';
import type { Decide } from './policies/decide.ts';
import type { Decision } from './policies/policy.ts';
import { EMPTY_SAMPLER_LEDGER, type Acceptance, type Sampler, type SamplerLedger } from './sampler.ts';
import { gatherFacts, type TraceFacts } from './trace-facts.ts';
import { TraceTable } from './trace-table.ts';

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
  /** Of the table that finds traces. @default 0 */
  tableSeed?: number;
}

/** What came for traces that were decided before: each a part of its own, with its decision. */
type LateParts = Map<string, { part: PendingTrace; decision: Decision }>;

const TRIGGER_COUNTS = {
  root: 'tracesDecidedByRoot',
  wait: 'tracesDecidedByWait',
  early: 'tracesDecidedEarly',
  end: 'tracesDecidedAtEnd',
} as const satisfies Record<Trigger, keyof SamplerLedger>;

const RETRY_AFTER_S = 1;

/**
 * Gathers spans by trace and decides each trace once:
 *
 *   unknown --first span--> pending --root + wait, or wait, or bound, or end--> decided --> late spans follow
 *
 * Both waits are constants, so two sets in order of insertion are the whole timetable; no trace has a timer. Spans stay where they came,
 * in the bytes of their request, which lives until the last trace in it is decided: no longer than the wait.
 */
export class TailSampler implements Sampler {
  readonly #options: TailSamplerOptions;
  readonly #effects: TailSamplerEffects;
  readonly #held = new HeldBatches(new EnvelopePool());
  readonly #decisions: DecisionCache;
  readonly #table: TraceTable<PendingTrace>;
  readonly #pending = new Set<PendingTrace>();
  readonly #oldest = new OldestFirst(this.#pending);
  readonly #rooted = new Set<PendingTrace>();
  readonly #ledger: SamplerLedger = { ...EMPTY_SAMPLER_LEDGER };
  #traceBytesHeld = 0;
  readonly #countPolicyError = (): void => void this.#ledger.policyErrors++;

  constructor(options: TailSamplerOptions, effects: TailSamplerEffects) {
    this.#options = options;
    this.#effects = effects;
    this.#decisions = new DecisionCache(options.decisionsMax);
    this.#table = new TraceTable(effects.tableSeed ?? 0);
  }

  async accept(batch: SpanBatch, rows: Uint32Array): Promise<Acceptance> {
    if (!this.#effects.sink.hasRoom()) return { kind: 'refused', retryAfterS: RETRY_AFTER_S };
    const held = this.#held.take(batch);
    const late: LateParts = new Map();
    for (const row of rows) {
      this.#ledger.received++;
      this.#gather(held, row, late);
      // One request may hold more traces than the buffer: its sender waits while the store makes room.
      while (this.#pending.size > this.#options.pendingTracesMax) await this.#makeRoom();
    }
    for (const { part, decision } of late.values()) this.#follow(part, decision);
    this.#held.giveBack(held);
    while (this.#bytesHeld() > this.#options.pendingBytesMax && this.#pending.size > 0) await this.#makeRoom();
    return { kind: 'accepted' };
  }

  /** Decides what is due. While the store has no room it waits. */
  tick(): void {
    const nowMs = this.#effects.nowMs();
    const { decisionWaitMs, decisionWaitAfterRootMs } = this.#options;
    this.#decideDue('root', nowMs, ({ rootSeenMs = nowMs }) => rootSeenMs + decisionWaitAfterRootMs);
    this.#decideDue('wait', nowMs, ({ firstSeenMs }) => firstSeenMs + decisionWaitMs);
  }

  readPending(traceId: string): Promise<Uint8Array | undefined> {
    const trace = this.#table.find(Buffer.from(traceId, 'hex'), 0);
    return Promise.resolve(trace === undefined ? undefined : encodeTrace(trace));
  }

  ledger(): Promise<SamplerLedger> {
    return Promise.resolve({ ...this.#ledger, tracesPending: this.#pending.size, bytesPending: this.#bytesHeld() });
  }

  close(): Promise<void> {
    for (const trace of this.#pending) this.#decide(trace, 'end');
    return Promise.resolve();
  }

  #gather(batch: HeldBatch, row: number, late: LateParts): void {
    const known = this.#table.find(batch.bytes, columnAt(batch, row, Column.traceIdAt));
    if (known !== undefined) {
      this.#buffer(known, batch, row);
      return;
    }
    const traceId = traceIdAt(batch, row);
    const decision = late.get(traceId)?.decision ?? this.#decisions.recall(traceId);
    if (decision === undefined) this.#buffer(this.#addTrace(batch, row), batch, row);
    else this.#addLate(late, decision, { traceId, batch, row });
  }

  #addTrace(batch: HeldBatch, row: number): PendingTrace {
    const trace = new PendingTrace(batch, row, this.#effects.nowMs());
    this.#table.add(trace);
    this.#pending.add(trace);
    this.#traceBytesHeld += trace.bytesHeld;
    return trace;
  }

  #buffer(trace: PendingTrace, batch: HeldBatch, row: number): void {
    const bytesBefore = trace.bytesHeld;
    if (!trace.addRow(batch, row)) {
      this.#ledger.droppedDuplicate++;
      return;
    }
    this.#traceBytesHeld += trace.bytesHeld - bytesBefore;
    this.#ledger.pending++;
    if (trace.rootSeenMs !== undefined || this.#options.decisionWaitAfterRootMs === 0 || hasParentAt(batch, row))
      return;
    trace.rootSeenMs = this.#effects.nowMs();
    this.#rooted.add(trace);
  }

  #addLate(late: LateParts, decision: Decision, of: { traceId: string; batch: HeldBatch; row: number }): void {
    let known = late.get(of.traceId);
    if (known === undefined) {
      known = { part: new PendingTrace(of.batch, of.row, this.#effects.nowMs()), decision };
      late.set(of.traceId, known);
    }
    if (known.part.addRow(of.batch, of.row)) {
      this.#ledger.late++;
      this.#ledger.pending++;
    } else this.#ledger.droppedDuplicate++;
  }

  /** A late span follows the recorded decision: a trace is never half kept because of when its spans came. */
  #follow(part: PendingTrace, decision: Decision): void {
    this.#ledger.pending -= part.spanCount;
    for (const tap of this.#effects.taps ?? []) tap.late(part, decision);
    this.#settle(part, decision, gatherFacts(part));
  }

  async #makeRoom(): Promise<void> {
    if (!this.#effects.sink.hasRoom()) await this.#effects.sink.untilRoom();
    const trace = this.#oldest.next();
    if (trace !== undefined) this.#decide(trace, 'early');
  }

  #bytesHeld(): number {
    return this.#traceBytesHeld + this.#held.bytesHeld;
  }

  #decideDue(trigger: 'root' | 'wait', nowMs: number, dueMsOf: (trace: PendingTrace) => number): void {
    const queue = trigger === 'root' ? this.#rooted : this.#pending;
    for (const trace of queue) {
      const lagMs = nowMs - dueMsOf(trace);
      if (lagMs < 0 || !this.#effects.sink.hasRoom()) return;
      this.#decide(trace, trigger, lagMs);
    }
  }

  #decide(trace: PendingTrace, trigger: Trigger, lagMs = 0): void {
    const decision = this.#options.decide(trace, this.#countPolicyError);
    this.#table.delete(trace);
    this.#pending.delete(trace);
    this.#rooted.delete(trace);
    this.#decisions.record(trace.traceId, decision);
    this.#ledger[TRIGGER_COUNTS[trigger]]++;
    this.#ledger.pending -= trace.spanCount;
    this.#traceBytesHeld -= trace.bytesHeld;
    const facts = gatherFacts(trace);
    for (const tap of this.#effects.taps ?? []) tap.decided(trace, { decision, trigger, lagMs, facts });
    this.#settle(trace, decision, facts);
  }

  #settle(trace: PendingTrace, decision: Decision, facts: TraceFacts): void {
    if (decision === 'sampled') {
      this.#ledger.kept += trace.spanCount;
      if (trace.spanCount > 0) this.#effects.sink.accept(assembleTrace(trace, facts));
    } else {
      this.#ledger.sampledOut += trace.spanCount;
    }
    trace.release(this.#held);
  }
}
