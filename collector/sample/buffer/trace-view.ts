import {
  isAtLeast,
  OT_RANDOMNESS,
  OT_THRESHOLD,
  parseRandomness,
  parseThreshold,
  THRESHOLD_ALWAYS,
  type Bits56,
  type OtMember,
} from '@tracelab/protocol';
import { hasTraceStateAt, hexOf, spanBytesAt } from '../../receive/span-batch.ts';
import { NO_OT_MEMBER, otMemberOf, readTraceState } from '../probability/span-trace-state.ts';
import type { Threshold } from '../probability/threshold.ts';
import type { GatheredTraces } from './gathered-traces.ts';
import type { HeldBatch } from './held-batches.ts';

/** The 16 bytes of a trace id as four whole numbers from -2^31. */
export interface TraceIdWords {
  readonly idA: number;
  readonly idB: number;
  readonly idC: number;
  readonly idD: number;
}

/**
 * What policies, taps and the store's row see of a trace: a window on its slot, moved from trace to trace. Whoever wants to keep something
 * copies it.
 */
export class TraceView implements TraceIdWords {
  readonly #traces: GatheredTraces;
  #slot = 0;
  /** Of the first span that has one; read when it is asked for. */
  #otMember: OtMember | undefined;

  constructor(traces: GatheredTraces) {
    this.#traces = traces;
  }

  /** Itself, on another trace. */
  on(slot: number): this {
    this.#slot = slot;
    this.#otMember = undefined;
    return this;
  }

  get idA(): number {
    return this.#traces.idWord(this.#slot, 0);
  }

  get idB(): number {
    return this.#traces.idWord(this.#slot, 1);
  }

  get idC(): number {
    return this.#traces.idWord(this.#slot, 2);
  }

  get idD(): number {
    return this.#traces.idWord(this.#slot, 3);
  }

  /** 32 hex digits. */
  get traceId(): string {
    return hexOf(this.idA) + hexOf(this.idB) + hexOf(this.idC) + hexOf(this.idD);
  }

  /** R (specification, tracestate-handling): the `rv` of the trace, else the last 56 bits of its id. */
  get randomness(): Bits56 {
    return this.explicitRandomness ?? this.idRandomness;
  }

  /** Undefined where it has no `rv`. */
  get explicitRandomness(): Bits56 | undefined {
    return parseRandomness(this.#ot().get(OT_RANDOMNESS) ?? '');
  }

  /** T of the samplers before us; always where they wrote none, unknown where R cannot have passed what they wrote. */
  get arrivalThreshold(): Threshold {
    const text = this.#ot().get(OT_THRESHOLD);
    if (text === undefined) return THRESHOLD_ALWAYS;
    const threshold = parseThreshold(text);
    return threshold !== undefined && this.isRandomnessAtLeast(threshold) ? threshold : undefined;
  }

  get idRandomness(): Bits56 {
    return { high: this.idC & 0xff_ffff, low: this.idD >>> 0 };
  }

  isRandomnessAtLeast(threshold: Bits56): boolean {
    return isAtLeast(this.randomness, threshold);
  }

  get spanCount(): number {
    return this.#traces.spanCount(this.#slot);
  }

  /** Whether the span with this id, of which these are the halves, has arrived. */
  hasSpanId(high: number, low: number): boolean {
    return this.#traces.hasSpanId(this.#slot, high, low);
  }

  /** Whether any span matches, asked in the order of arrival. */
  hasSpan(isMatch: (batch: HeldBatch, row: number) => boolean): boolean {
    return this.#traces.hasSpan(this.#slot, isMatch);
  }

  forEachSpan(look: (batch: HeldBatch, row: number) => void): void {
    this.#traces.forEachSpan(this.#slot, look);
  }

  #ot(): OtMember {
    if (this.#otMember === undefined) {
      this.#otMember = NO_OT_MEMBER;
      this.hasSpan(this.#readOt);
    }
    return this.#otMember;
  }

  readonly #readOt = (batch: HeldBatch, row: number): boolean => {
    if (!hasTraceStateAt(batch, row)) return false;
    const member = otMemberOf(readTraceState(spanBytesAt(batch, row)));
    if (member.size > 0) this.#otMember = member;
    return member.size > 0;
  };
}
