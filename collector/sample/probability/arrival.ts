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
import type { SpanSource } from '../../receive/encode-spans.ts';
import { hasTraceStateAt, spanBytesAt, type SpanBatch } from '../../receive/span-batch.ts';
import { otMemberOf, readTraceState } from './span-trace-state.ts';
import { isEqual, type Threshold } from './threshold.ts';

/** What the samplers before us have written into the trace states of a trace's spans. */
export interface Arrival {
  /** `rv`; undefined where the trace id is the randomness. */
  explicitRandomness: Bits56 | undefined;
  /** T from which on some span of the trace arrives: the lowest of all, where a span without one has 0. Unknown where R cannot have passed it. */
  threshold: Threshold;
  /** Each T from which on more of its spans arrive, lowest first, as far as R has passed them; one more than ARRIVAL_LEVELS_MAX at most. */
  levels: readonly Bits56[];
}

const UNSAMPLED: Arrival = {
  explicitRandomness: undefined,
  threshold: THRESHOLD_ALWAYS,
  levels: [THRESHOLD_ALWAYS],
};
/** Of more different thresholds in one trace nobody is told. */
export const ARRIVAL_LEVELS_MAX = 8;

/** Reads it from one trace after the other; most have nothing, and cost nothing. */
export class ArrivalReader {
  #explicitRandomness: Bits56 | undefined;
  /** Of the spans so far that have a trace state. */
  #levels: Bits56[] = [];
  #hasSpanWithout = false;
  #lastText = '';

  read(trace: SpanSource & { readonly idRandomness: Bits56 }): Arrival {
    this.#explicitRandomness = undefined;
    if (this.#levels.length > 0) this.#levels = [];
    this.#hasSpanWithout = false;
    this.#lastText = '';
    trace.forEachSpan(this.#add);
    if (this.#levels.length === 0) return UNSAMPLED;
    if (this.#hasSpanWithout) this.#addLevel(THRESHOLD_ALWAYS);
    const randomness = this.#explicitRandomness ?? trace.idRandomness;
    const levels = this.#levels.filter((level) => isAtLeast(randomness, level));
    return { explicitRandomness: this.#explicitRandomness, threshold: levels[0], levels };
  }

  readonly #add = (batch: SpanBatch, row: number): void => {
    if (!hasTraceStateAt(batch, row)) {
      this.#hasSpanWithout = true;
      return;
    }
    const text = readTraceState(spanBytesAt(batch, row));
    // Nearly always that of the span before.
    if (text === this.#lastText) return;
    this.#lastText = text;
    const member = otMemberOf(text);
    this.#explicitRandomness ??= parseRandomness(member.get(OT_RANDOMNESS) ?? '');
    this.#addLevel(thresholdIn(member));
  };

  #addLevel(threshold: Bits56): void {
    const levels = this.#levels;
    if (levels.some((level) => isEqual(level, threshold))) return;
    levels.push(threshold);
    levels.sort(byHeight);
    levels.length = Math.min(levels.length, ARRIVAL_LEVELS_MAX + 1);
  }
}

/** From which a span on arrives; 0 where it says nothing. */
export function arrivalThresholdAt(batch: SpanBatch, row: number): Bits56 {
  if (!hasTraceStateAt(batch, row)) return THRESHOLD_ALWAYS;
  return thresholdIn(otMemberOf(readTraceState(spanBytesAt(batch, row))));
}

function thresholdIn(member: OtMember): Bits56 {
  return parseThreshold(member.get(OT_THRESHOLD) ?? '') ?? THRESHOLD_ALWAYS;
}

function byHeight(one: Bits56, other: Bits56): number {
  return one.high - other.high || one.low - other.low;
}
