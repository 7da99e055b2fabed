/**
 * How a running process changes its sampler: the tracer publishes this under TRACER_SWITCH on globalThis, the services'
 * kit reads it there and answers 501 where it is absent (no tracer, or one that cannot be switched).
 */
export const TRACER_SWITCH: unique symbol = Symbol.for('tracelab.tracer');

export interface TracerSwitch {
  /** Takes OpenTelemetry's sampler names; throws a RangeError that names the allowed ones. Spans already started keep their decision. */
  setSampler: (setting: SamplerSetting) => void;
  getSampler: () => SamplerSetting;
  counts: () => SpanCounts;
}

export const SAMPLER_NAMES = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;
export type SamplerName = (typeof SAMPLER_NAMES)[number];

/** `arg` is the ratio, 0 to 1, of the two samplers that take one. */
export interface SamplerSetting {
  sampler: SamplerName;
  arg?: number;
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
}

export function spansDroppedTotal({ spansDropped }: Pick<SpanCounts, 'spansDropped'>): number {
  return SPAN_DROP_REASONS.reduce((total, reason) => total + spansDropped[reason], 0);
}
