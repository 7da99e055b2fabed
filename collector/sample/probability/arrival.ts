import {
  isAtLeast,
  OT_RANDOMNESS,
  OT_THRESHOLD,
  parseRandomness,
  parseThreshold,
  THRESHOLD_ALWAYS,
  type Bits56,
} from '@tracelab/protocol';
import { hasTraceStateAt, spanBytesAt, type SpanBatch } from '../../receive/span-batch.ts';
import { otMemberOf, readTraceState } from './span-trace-state.ts';
import { lowerOf, type Threshold } from './threshold.ts';

/** What the samplers before us have written into the trace states of a trace's spans. */
export interface Arrival {
  /** `rv`; undefined where the trace id is the randomness. */
  explicitRandomness: Bits56 | undefined;
  /** T from which on some span of the trace arrives: the lowest of all, where a span without one has 0. Unknown where R cannot have passed it. */
  threshold: Threshold;
}

const UNSAMPLED: Arrival = { explicitRandomness: undefined, threshold: THRESHOLD_ALWAYS };

/** Reads it from one trace after the other; most have nothing, and cost nothing. */
export class ArrivalReader {
  #explicitRandomness: Bits56 | undefined;
  /** Of the spans so far. */
  #lowest: Bits56 | undefined;
  #lastText = '';

  read(trace: {
    forEachSpan: (look: (batch: SpanBatch, row: number) => void) => void;
    readonly idRandomness: Bits56;
  }): Arrival {
    this.#explicitRandomness = this.#lowest = undefined;
    this.#lastText = '';
    trace.forEachSpan(this.#add);
    const threshold = this.#lowest ?? THRESHOLD_ALWAYS;
    if (this.#explicitRandomness === undefined && threshold === THRESHOLD_ALWAYS) return UNSAMPLED;
    const isPassed = isAtLeast(this.#explicitRandomness ?? trace.idRandomness, threshold);
    return { explicitRandomness: this.#explicitRandomness, threshold: isPassed ? threshold : undefined };
  }

  readonly #add = (batch: SpanBatch, row: number): void => {
    if (!hasTraceStateAt(batch, row)) {
      this.#lowest = THRESHOLD_ALWAYS;
      return;
    }
    const text = readTraceState(spanBytesAt(batch, row));
    // Nearly always that of the span before.
    if (text === this.#lastText) return;
    this.#lastText = text;
    const member = otMemberOf(text);
    this.#explicitRandomness ??= parseRandomness(member.get(OT_RANDOMNESS) ?? '');
    const threshold = parseThreshold(member.get(OT_THRESHOLD) ?? '') ?? THRESHOLD_ALWAYS;
    this.#lowest = this.#lowest === undefined ? threshold : lowerOf(this.#lowest, threshold);
  };
}
