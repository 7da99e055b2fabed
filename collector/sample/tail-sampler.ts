import { traceIdAt, type SpanBatch } from '../receive/span-batch.ts';
import { assembleTrace, encodeTrace } from './assemble-trace.ts';
import type { DecidedTraceSink } from './decided-trace.ts';
import { DecisionCache } from './decision-cache.ts';
import { EnvelopePool } from './envelope-pool.ts';
import { OldestFirst } from './oldest-first.ts';
import { addRows, createPendingTrace, releaseTrace, type PendingTrace } from './pending-trace.ts';
import type { Decide } from './policies/decide.ts';
import type { Decision } from './policies/policy.ts';
import { EMPTY_SAMPLER_LEDGER, type Acceptance, type Sampler, type SamplerLedger } from './sampler.ts';

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
  /** Monotonic. */
  nowMs: () => number;
}

type Trigger = 'tracesDecidedByRoot' | 'tracesDecidedByWait' | 'tracesDecidedEarly' | 'tracesDecidedAtEnd';

const RETRY_AFTER_S = 1;

/**
 * Gathers spans by trace and decides each trace once:
 *
 *   unknown --first span--> pending --root + wait, or wait, or bound, or end--> decided --> late spans follow
 *
 * Both waits are constants, so two maps in order of insertion are the whole timetable; no trace has a timer.
 */
export class TailSampler implements Sampler {
  readonly #options: TailSamplerOptions;
  readonly #effects: TailSamplerEffects;
  readonly #pool = new EnvelopePool();
  readonly #decisions: DecisionCache;
  readonly #pending = new Map<string, PendingTrace>();
  readonly #oldest = new OldestFirst(this.#pending);
  readonly #rooted = new Map<string, PendingTrace>();
  readonly #ledger: SamplerLedger = { ...EMPTY_SAMPLER_LEDGER };
  #traceBytesHeld = 0;
  readonly #countPolicyError = (): void => void this.#ledger.policyErrors++;

  constructor(options: TailSamplerOptions, effects: TailSamplerEffects) {
    this.#options = options;
    this.#effects = effects;
    this.#decisions = new DecisionCache(options.decisionsMax);
  }

  async accept(batch: SpanBatch, rows: Uint32Array): Promise<Acceptance> {
    if (!this.#effects.sink.hasRoom()) return { kind: 'refused', retryAfterS: RETRY_AFTER_S };
    for (const [traceId, ofTrace] of groupByTrace(batch, rows)) {
      this.#ledger.received += ofTrace.length;
      this.#gather(traceId, batch, ofTrace);
      // One request may hold more traces than the buffer: its sender waits while the store makes room.
      while (this.#isOverBound()) {
        if (!this.#effects.sink.hasRoom()) await this.#effects.sink.untilRoom();
        this.#decideOldest();
      }
    }
    return { kind: 'accepted' };
  }

  /** Decides what is due. While the store has no room it waits. */
  tick(): void {
    const nowMs = this.#effects.nowMs();
    const { decisionWaitMs, decisionWaitAfterRootMs } = this.#options;
    this.#decideDue(
      this.#rooted,
      (trace) => nowMs - (trace.rootSeenMs ?? nowMs) >= decisionWaitAfterRootMs,
      'tracesDecidedByRoot',
    );
    this.#decideDue(this.#pending, (trace) => nowMs - trace.firstSeenMs >= decisionWaitMs, 'tracesDecidedByWait');
  }

  readPending(traceId: string): Promise<Uint8Array | undefined> {
    const trace = this.#pending.get(traceId);
    return Promise.resolve(trace === undefined ? undefined : encodeTrace(trace));
  }

  ledger(): Promise<SamplerLedger> {
    return Promise.resolve({ ...this.#ledger, tracesPending: this.#pending.size, bytesPending: this.#bytesHeld() });
  }

  close(): Promise<void> {
    for (const trace of this.#pending.values()) this.#decide(trace, 'tracesDecidedAtEnd');
    return Promise.resolve();
  }

  #gather(traceId: string, batch: SpanBatch, rows: readonly number[]): void {
    const known = this.#pending.get(traceId);
    const decision = known === undefined ? this.#decisions.recall(traceId) : undefined;
    if (decision !== undefined) this.#follow(decision, traceId, { batch, rows });
    else this.#buffer(known ?? this.#addTrace(traceId), batch, rows);
  }

  #addTrace(traceId: string): PendingTrace {
    const trace = createPendingTrace(traceId, this.#effects.nowMs());
    this.#pending.set(traceId, trace);
    this.#traceBytesHeld += trace.bytesHeld;
    return trace;
  }

  #buffer(trace: PendingTrace, batch: SpanBatch, rows: readonly number[]): void {
    const bytesBefore = trace.bytesHeld;
    const { addedCount, hasRoot } = addRows(trace, batch, rows, this.#pool);
    this.#traceBytesHeld += trace.bytesHeld - bytesBefore;
    this.#ledger.pending += addedCount;
    this.#ledger.droppedDuplicate += rows.length - addedCount;
    if (!hasRoot || trace.rootSeenMs !== undefined || this.#options.decisionWaitAfterRootMs === 0) return;
    trace.rootSeenMs = this.#effects.nowMs();
    this.#rooted.set(trace.traceId, trace);
  }

  /** A late span follows the recorded decision: a trace is never half kept because of when its spans came. */
  #follow(decision: Decision, traceId: string, late: { batch: SpanBatch; rows: readonly number[] }): void {
    const part = createPendingTrace(traceId, this.#effects.nowMs());
    const { addedCount } = addRows(part, late.batch, late.rows, this.#pool);
    this.#ledger.droppedDuplicate += late.rows.length - addedCount;
    this.#ledger.late += addedCount;
    this.#settle(part, decision);
  }

  #decideOldest(): void {
    const traceId = this.#oldest.next();
    const trace = traceId === undefined ? undefined : this.#pending.get(traceId);
    if (trace !== undefined) this.#decide(trace, 'tracesDecidedEarly');
  }

  #isOverBound(): boolean {
    return this.#pending.size > this.#options.pendingTracesMax || this.#bytesHeld() > this.#options.pendingBytesMax;
  }

  #bytesHeld(): number {
    return this.#traceBytesHeld + this.#pool.bytesHeld;
  }

  #decideDue(
    queue: ReadonlyMap<string, PendingTrace>,
    isDue: (trace: PendingTrace) => boolean,
    trigger: Trigger,
  ): void {
    for (const trace of queue.values()) {
      if (!isDue(trace) || !this.#effects.sink.hasRoom()) return;
      this.#decide(trace, trigger);
    }
  }

  #decide(trace: PendingTrace, trigger: Trigger): void {
    const decision = this.#options.decide(trace, this.#countPolicyError);
    this.#pending.delete(trace.traceId);
    this.#rooted.delete(trace.traceId);
    this.#decisions.record(trace.traceId, decision);
    this.#ledger[trigger]++;
    this.#ledger.pending -= trace.spanCount;
    this.#traceBytesHeld -= trace.bytesHeld;
    this.#settle(trace, decision);
  }

  #settle(trace: PendingTrace, decision: Decision): void {
    if (decision === 'sampled') {
      this.#ledger.kept += trace.spanCount;
      if (trace.spanCount > 0) this.#effects.sink.accept(assembleTrace(trace));
    } else {
      this.#ledger.sampledOut += trace.spanCount;
    }
    releaseTrace(trace, this.#pool);
  }
}

function groupByTrace(batch: SpanBatch, rows: Uint32Array): Map<string, number[]> {
  const byTrace = new Map<string, number[]>();
  for (const row of rows) {
    const traceId = traceIdAt(batch, row);
    const known = byTrace.get(traceId);
    if (known === undefined) byTrace.set(traceId, [row]);
    else known.push(row);
  }
  return byTrace;
}
