import type { SamplerSetting } from './sampler-setting.ts';

/**
 * How a running process changes its sampler and its clock: the tracer publishes this under TRACER_SWITCH on globalThis,
 * the services' kit reads it there and answers 501 where it is absent (no tracer, or one that cannot be switched).
 */
export const TRACER_SWITCH: unique symbol = Symbol.for('tracelab.tracer');

export interface TracerSwitch {
  /** Throws a RangeError that says what is allowed. Spans already started keep their decision. */
  setSampler: (setting: SamplerSetting) => void;
  getSampler: () => SamplerSetting;
  /** Absent where the tracer has no more to say than getSampler. */
  describeSampler?: () => SamplerReport;
  counts: () => SpanCounts;
  /**
   * Sets the wall clock of spans wrong on purpose, in milliseconds (LIMITS.clockOffsetMsMax); throws a RangeError beyond it.
   * Traces that go on in this process keep their clock. Both absent where the tracer's clock cannot be set.
   */
  setClockOffset?: (offsetMs: number) => void;
  getClockOffset?: () => number;
}

/** How the sampler came to decide as it does now. */
export interface SamplerReport {
  /** The specification's description, such as `ParentBased{root=TraceIdRatioBased{0.062500}, …}`. */
  description: string;
  /** Only where a server says how to sample. */
  remote?: RemoteSamplerReport;
}

export interface RemoteSamplerReport {
  /** How old the strategy in use is; absent until the first good answer, when the initial rate holds. */
  strategyAgeMs?: number;
  answersGood: number;
  answersBad: number;
  /** Why the last answer was bad; absent where it was good. */
  error?: string;
}

/** Why a span never reached the collector. The words are those of code, metrics (`error_type`) and docs alike. */
export const SPAN_DROP_REASONS = [
  /** The queue was at its bound of spans or bytes. */
  'queue_full',
  /** The collector took the batch but not this span (OTLP partial success). */
  'rejected',
  /** The batch can never be delivered: an answer that OTLP forbids to try again, or a request or an answer over its limit. */
  'refused',
  /** Tried again until OTEL_BSP_EXPORT_TIMEOUT had passed. */
  'timeout',
  /** It ended after the shutdown, or the shutdown's time was up. */
  'closed',
  /** Code of somebody else threw while the span was written. */
  'not_encodable',
  /** OTEL_TRACES_EXPORTER=none. */
  'no_exporter',
] as const;
export type SpanDropReason = (typeof SPAN_DROP_REASONS)[number];

/** Since the process started. created = sampled + unsampled; sampled = exported + queued + dropped, once all spans have ended. */
export interface SpanCounts {
  spansCreated: number;
  spansSampled: number;
  spansExported: number;
  /** Waiting to be sent or being sent. */
  spansQueued: number;
  spansDropped: Readonly<Record<SpanDropReason, number>>;
  /** Tries to send a batch, and how many of them were a batch's second or a later one. */
  requestsSent: number;
  requestsRetried: number;
  /** Absent where the tracer does not count it. */
  propagation?: PropagationCounts;
}

/** What the propagators left out of what they were given. */
export interface PropagationCounts {
  /** Members of baggage that were malformed, beyond the limits, or not expressible in a header; in or out. */
  baggageMembersDropped: number;
  /** Requests whose traceparent and B3 headers named different spans or decisions; traceparent was believed. */
  traceContextConflicts: number;
}

export function spansDroppedTotal({ spansDropped }: Pick<SpanCounts, 'spansDropped'>): number {
  return SPAN_DROP_REASONS.reduce((total, reason) => total + spansDropped[reason], 0);
}
