import { isAtLeast, type Bits56 } from '@tracelab/protocol';
import { hexOf } from '../../receive/span-batch.ts';
import { ArrivalReader, arrivalThresholdAt, type Arrival } from '../probability/arrival.ts';
import { randomnessOfId, type Threshold } from '../probability/threshold.ts';
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
  readonly #arrivalReader = new ArrivalReader();
  /** Undefined: all spans. */
  #level: Bits56 | undefined;
  /** Read when it is asked for. */
  #arrival: Arrival | undefined;

  constructor(traces: GatheredTraces) {
    this.#traces = traces;
  }

  /** Itself, on another trace. */
  on(slot: number): this {
    this.#slot = slot;
    this.#arrival = this.#level = undefined;
    return this;
  }

  /** Itself, with those spans alone that arrive from this threshold on, or a lower one; undefined: with all again. Its arrival stays that of all. */
  upTo(level: Bits56 | undefined): this {
    // Read of all of them.
    this.#readArrival();
    this.#level = level;
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
    return this.#readArrival().explicitRandomness;
  }

  /** T of the samplers before us; unknown where R cannot have passed what they wrote. */
  get arrivalThreshold(): Threshold {
    return this.#readArrival().threshold;
  }

  /** Each T from which on more of its spans arrive, lowest first. */
  get arrivalLevels(): readonly Bits56[] {
    return this.#readArrival().levels;
  }

  get idRandomness(): Bits56 {
    return randomnessOfId(this.idC, this.idD);
  }

  isRandomnessAtLeast(threshold: Bits56): boolean {
    return isAtLeast(this.randomness, threshold);
  }

  get spanCount(): number {
    return this.#level === undefined ? this.#traces.spanCount(this.#slot) : this.#arrivedCount(this.#level);
  }

  /** Whether the span with this id, of which these are the halves, has arrived. */
  hasSpanId(high: number, low: number): boolean {
    return this.#traces.hasSpanId(this.#slot, high, low);
  }

  /** Whether any span matches, asked in the order of arrival. */
  hasSpan(isMatch: (batch: HeldBatch, row: number) => boolean): boolean {
    return this.#traces.hasSpan(this.#slot, this.#level === undefined ? isMatch : ifArrived(this.#level, isMatch));
  }

  forEachSpan(look: (batch: HeldBatch, row: number) => void): void {
    this.#traces.forEachSpan(this.#slot, this.#level === undefined ? look : ifArrived(this.#level, look));
  }

  #arrivedCount(level: Bits56): number {
    let count = 0;
    this.#traces.forEachSpan(
      this.#slot,
      ifArrived(level, () => void count++),
    );
    return count;
  }

  #readArrival(): Arrival {
    return (this.#arrival ??= this.#arrivalReader.read(this));
  }
}

/** In a function of its own: a closure beside the usual way would cost a trace that needs none. */
function ifArrived<Answer>(
  level: Bits56,
  ask: (batch: HeldBatch, row: number) => Answer,
): (batch: HeldBatch, row: number) => Answer | false {
  return (batch, row) => isAtLeast(level, arrivalThresholdAt(batch, row)) && ask(batch, row);
}
