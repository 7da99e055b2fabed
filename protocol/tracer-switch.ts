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

/** Since the process started. created = sampled + unsampled; sampled = exported + queued + dropped. */
export interface SpanCounts {
  spansCreated: number;
  spansSampled: number;
  spansExported: number;
  spansDroppedQueueFull: number;
  spansDroppedExportFailed: number;
  spansQueued: number;
}
