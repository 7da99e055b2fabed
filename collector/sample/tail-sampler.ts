import { THRESHOLD_NEVER } from '@tracelab/protocol';
import type { DecisionsMax } from '../config/collector-config.ts';
import { ArrayPool } from '../receive/array-pool.ts';
import { Column, COLUMNS, columnAt, hasParentAt, type SpanBatch } from '../receive/span-batch.ts';
import { encodeSpans } from '../receive/encode-spans.ts';
import { assembleTrace } from './assemble-trace.ts';
import { GatheredTraces } from './buffer/gathered-traces.ts';
import { HeldBatches, type HeldBatch } from './buffer/held-batches.ts';
import { NO_SLOT } from './buffer/id-table.ts';
import { LateParts } from './buffer/late-parts.ts';
import { SlotQueue } from './buffer/slot-queue.ts';
import { TraceSizes } from './buffer/trace-sizes.ts';
import { TraceView } from './buffer/trace-view.ts';
import type { DecidedTraceSink } from './decided-trace.ts';
import { DecisionCache } from './decision-cache.ts';
import type { DecisionTap, Outcome, Trigger } from './decision-tap.ts';
import { OperationIndex } from './operation-index.ts';
import type { Decide } from './policies/decide.ts';
import type { Ruling } from './policies/policy.ts';
import { EMPTY_SAMPLER_LEDGER, type Acceptance, type Sampler, type SamplerLedger } from './sampler.ts';
import type { SpanFates } from './span-fates.ts';
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
  /** None is decided early: who gives it spans asks `msUntilRoom` before, and what it lets in may overshoot both bounds. @default false */
  blocksOnOverflow?: boolean;
  decisionsMax: DecisionsMax;
  /** What is undecided at the end is dropped; else decided with what is there. @default false */
  dropsPendingAtEnd?: boolean;
  /** A trace that grows over it is not sampled, at once and unasked. @default Infinity */
  traceBytesMax?: number;
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

type Cause = Omit<Outcome, 'ruling' | 'facts'>;

/** Nothing like it is kept, by whatever randomness. */
const TOO_LARGE: Ruling = { decision: 'notSampled', threshold: THRESHOLD_NEVER };

const TRIGGER_COUNTS = {
  root: 'tracesDecidedByRoot',
  wait: 'tracesDecidedByWait',
  early: 'tracesDecidedEarly',
  size: 'tracesDecidedTooLarge',
  end: 'tracesDecidedAtEnd',
} as const satisfies Record<Trigger, keyof SamplerLedger>;

/**
 * Gathers spans by trace and decides each trace once:
 *
 *   unknown --first span--> pending --root + wait, or wait, or bound, or size, or end--> decided --> late spans follow
 *
 * Both waits are constants, so two queues are the whole timetable; no trace has a timer. Spans wait where they lie in the
 * bytes of their request, which are held until the last trace in it is decided: no longer than the wait.
 */
export class TailSampler implements Sampler {
  readonly #options: TailSamplerOptions;
  readonly #effects: TailSamplerEffects;
  /** Above them the oldest is decided early. */
  readonly #earlyTracesMax: number;
  readonly #earlyBytesMax: number;
  readonly #held: HeldBatches;
  readonly #traces: GatheredTraces;
  readonly #trace: TraceView;
  /** Only where sizes matter. */
  readonly #sizes: TraceSizes | undefined;
  readonly #pending = new SlotQueue();
  readonly #rooted = new SlotQueue();
  readonly #decisions: DecisionCache;
  readonly #late: LateParts;
  readonly #operations: OperationIndex;
  readonly #facts = new TraceFacts();
  readonly #ledger: SamplerLedger = { ...EMPTY_SAMPLER_LEDGER };
  readonly #countPolicyError = (): void => void this.#ledger.policyErrors++;

  constructor(options: TailSamplerOptions, effects: TailSamplerEffects) {
    const tableSeed = effects.tableSeed ?? 0;
    this.#options = options;
    this.#effects = effects;
    this.#earlyTracesMax = options.blocksOnOverflow === true ? Infinity : options.pendingTracesMax;
    this.#earlyBytesMax = options.blocksOnOverflow === true ? Infinity : options.pendingBytesMax;
    this.#operations = effects.operations ?? new OperationIndex();
    this.#held = new HeldBatches(effects.arrays ?? new ArrayPool(options.pendingBytesMax));
    this.#traces = new GatheredTraces(this.#held, tableSeed);
    this.#trace = new TraceView(this.#traces);
    this.#sizes = options.traceBytesMax === undefined ? undefined : new TraceSizes();
    this.#decisions = new DecisionCache(options.decisionsMax, tableSeed);
    this.#late = new LateParts(this.#held, tableSeed);
  }

  async accept(batch: SpanBatch, rows: Uint32Array, onReleased?: (fates: SpanFates) => void): Promise<Acceptance> {
    if (!this.#effects.sink.hasRoom()) return { kind: 'refused' };
    const held = this.#held.take(batch, onReleased);
    held.fates.received = rows.length;
    // By index: what an iterator gives is an object for each span.
    for (let index = 0; index < rows.length; index++) {
      this.#ledger.received++;
      this.#gather(held, rows[index] as number);
      while (this.#traces.size > this.#earlyTracesMax) {
        // One request may hold more traces than the buffer: its sender waits while the store makes room. No promise where it has
        // some: at the bound each new trace comes here.
        if (!this.#effects.sink.hasRoom()) await this.#effects.sink.untilRoom();
        this.#decideOldest();
      }
    }
    this.#late.takeAll(this.#follow);
    this.#held.giveBack(held);
    while (this.#bytesHeld() > this.#earlyBytesMax && this.#traces.size > 0) {
      if (!this.#effects.sink.hasRoom()) await this.#effects.sink.untilRoom();
      this.#decideOldest();
    }
    return { kind: 'accepted' };
  }

  tick(): void {
    const nowMs = this.#effects.nowMs();
    this.#decideDue('root', nowMs);
    this.#decideDue('wait', nowMs);
  }

  remember(rulings: ReadonlyMap<string, Ruling>): void {
    for (const [traceId, ruling] of rulings) {
      const id = Buffer.from(traceId, 'hex');
      if (this.#decisions.recall(id, 0) === undefined) this.#decisions.recordAt(id, 0, ruling);
    }
  }

  readPending(traceId: string): Promise<Uint8Array | undefined> {
    const slot = this.#traces.find(Buffer.from(traceId, 'hex'), 0);
    return Promise.resolve(slot === NO_SLOT ? undefined : encodeSpans(this.#trace.on(slot)));
  }

  ledger(): SamplerLedger {
    return { ...this.#ledger, tracesPending: this.#traces.size, bytesPending: this.#bytesHeld() };
  }

  close(): Promise<void> {
    while (this.#traces.size > 0) {
      if (this.#options.dropsPendingAtEnd === true) this.#drop(this.#pending.oldest);
      else this.#decide(this.#pending.oldest, 'end');
    }
    return Promise.resolve();
  }

  /** How long until a trace is due, where it is full and waits for that; 0 while it takes what comes. */
  msUntilRoom(): number {
    const { blocksOnOverflow, pendingTracesMax, pendingBytesMax } = this.#options;
    const isFull = this.#traces.size >= pendingTracesMax || this.#bytesHeld() >= pendingBytesMax;
    if (blocksOnOverflow !== true || !isFull || this.#traces.size === 0) return 0;
    const dueMs = Math.min(this.#dueMs('wait', this.#pending.oldest), this.#dueMs('root', this.#rooted.oldest));
    return Math.max(1, dueMs - this.#effects.nowMs());
  }

  #gather(batch: HeldBatch, row: number): void {
    const idAt = columnAt(batch, row, Column.traceIdAt);
    const slot = this.#traces.find(batch.bytes, idAt);
    batch.numbers[row * COLUMNS + Column.operation] = this.#operations.indexOf(batch, row);
    const ruling = slot === NO_SLOT ? this.#decisions.recall(batch.bytes, idAt) : undefined;
    if (ruling === undefined) this.#buffer(slot === NO_SLOT ? this.#addTrace(batch, row) : slot, batch, row);
    else this.#addLate(ruling, batch, row);
  }

  #addTrace(batch: HeldBatch, row: number): number {
    const slot = this.#traces.add(batch, row, this.#effects.nowMs());
    this.#pending.add(slot);
    this.#sizes?.begin(slot);
    return slot;
  }

  #buffer(slot: number, batch: HeldBatch, row: number): void {
    if (!this.#traces.addRow(slot, batch, row)) return this.#dropDuplicate(batch);
    this.#ledger.pending++;
    if (!hasParentAt(batch, row) && this.#options.decisionWaitAfterRootMs > 0 && !this.#hasRoot(slot)) {
      this.#traces.setRootSeen(slot, this.#effects.nowMs());
      this.#rooted.add(slot);
    }
    if (this.#sizes !== undefined) this.#checkSize(slot, this.#sizes.add(slot, batch, row));
  }

  #checkSize(slot: number, sizeBytes: number): void {
    const sizeBytesMax = this.#options.traceBytesMax ?? Infinity;
    if (sizeBytes <= sizeBytesMax) return;
    this.#trace.on(slot);
    this.#conclude(slot, TOO_LARGE, { trigger: 'size', lagMs: 0, tooLarge: { sizeBytes, sizeBytesMax } });
  }

  #hasRoot(slot: number): boolean {
    return !Number.isNaN(this.#traces.rootSeenMs(slot));
  }

  #addLate(ruling: Ruling, batch: HeldBatch, row: number): void {
    if (!this.#late.addRow(ruling, batch, row)) return this.#dropDuplicate(batch);
    this.#ledger.late++;
    this.#ledger.pending++;
  }

  #dropDuplicate({ fates }: HeldBatch): void {
    this.#ledger.droppedDuplicate++;
    fates.droppedDuplicate++;
  }

  /** Late spans follow the recorded decision: a trace is never half kept because of when its spans came. */
  readonly #follow = (part: TraceView, ruling: Ruling): void => {
    this.#ledger.pending -= part.spanCount;
    for (const tap of this.#effects.taps ?? []) tap.late(part, ruling);
    this.#settle(part, ruling, this.#facts.gather(part));
  };

  #decideOldest(): void {
    if (this.#traces.size > 0) this.#decide(this.#pending.oldest, 'early');
  }

  #bytesHeld(): number {
    return this.#traces.bytesHeld + this.#held.bytesHeld;
  }

  #dueMs(trigger: 'root' | 'wait', slot: number): number {
    if (slot === NO_SLOT) return Infinity;
    return trigger === 'root'
      ? this.#traces.rootSeenMs(slot) + this.#options.decisionWaitAfterRootMs
      : this.#traces.firstSeenMs(slot) + this.#options.decisionWaitMs;
  }

  #decideDue(trigger: 'root' | 'wait', nowMs: number): void {
    const queue = trigger === 'root' ? this.#rooted : this.#pending;
    for (let slot = queue.oldest; slot !== NO_SLOT; slot = queue.oldest) {
      const lagMs = nowMs - this.#dueMs(trigger, slot);
      if (lagMs < 0 || !this.#effects.sink.hasRoom()) return;
      this.#decide(slot, trigger, lagMs);
    }
  }

  #decide(slot: number, trigger: Trigger, lagMs = 0): void {
    const ruling = this.#options.decide(this.#trace.on(slot), this.#countPolicyError);
    this.#conclude(slot, ruling, { trigger, lagMs });
  }

  /** Of the trace that is in view. */
  #conclude(slot: number, ruling: Ruling, cause: Cause): void {
    const trace = this.#trace;
    this.#decisions.record(trace, ruling);
    this.#ledger[TRIGGER_COUNTS[cause.trigger]]++;
    this.#ledger.pending -= trace.spanCount;
    const facts = this.#facts.gather(trace);
    for (const tap of this.#effects.taps ?? []) tap.decided(trace, { ruling, facts, ...cause });
    this.#settle(trace, ruling, facts);
    this.#forget(slot);
  }

  /** Without a decision, and so without a record of one. */
  #drop(slot: number): void {
    const spanCount = this.#traces.spanCount(slot);
    this.#ledger.pending -= spanCount;
    this.#ledger.droppedAtEnd += spanCount;
    this.#traces.forEachSpan(slot, countDroppedAtEnd);
    this.#forget(slot);
  }

  #forget(slot: number): void {
    this.#pending.delete(slot);
    if (this.#hasRoot(slot)) this.#rooted.delete(slot);
    this.#sizes?.end(slot);
    this.#traces.delete(slot);
  }

  #settle(trace: TraceView, { decision, threshold, isShed = false }: Ruling, facts: TraceFacts): void {
    if (decision !== 'sampled') {
      this.#ledger.sampledOut += trace.spanCount;
      if (isShed) this.#ledger.shed += trace.spanCount;
      return;
    }
    this.#ledger.kept += trace.spanCount;
    trace.forEachSpan(countKept);
    this.#effects.sink.accept(assembleTrace(trace, facts, threshold));
  }
}

function countKept({ fates }: HeldBatch): void {
  fates.kept++;
}

function countDroppedAtEnd({ fates }: HeldBatch): void {
  fates.droppedAtEnd++;
}
