/**
 * What single spans are sampled by, under upstream's names (probabilisticsamplerprocessor 0.158): the attribute `sampling.priority`, a hash of the trace id,
 * `rv` of the trace state, the random bits of the trace id, or
 * nothing, where what is written cannot be read or gone on with.
 */
export const SPAN_POLICIES = [
  'sampling_priority',
  'trace_id_hash',
  'sampling_randomness',
  'trace_id_w3c',
  'missing_randomness',
] as const;
export type SpanPolicy = (typeof SPAN_POLICIES)[number];

/** In spans. */
export type SpanSamplings = Record<SpanPolicy, { sampled: number; notSampled: number }>;

export function noSamplings(): SpanSamplings {
  const none = (): SpanSamplings[SpanPolicy] => ({ sampled: 0, notSampled: 0 });
  return {
    sampling_priority: none(),
    trace_id_hash: none(),
    sampling_randomness: none(),
    trace_id_w3c: none(),
    missing_randomness: none(),
  };
}

export function addSamplings(to: SpanSamplings, more: SpanSamplings): void {
  for (const policy of SPAN_POLICIES) {
    to[policy].sampled += more[policy].sampled;
    to[policy].notSampled += more[policy].notSampled;
  }
}

export function totalNotSampled(samplings: SpanSamplings): number {
  return SPAN_POLICIES.reduce((total, policy) => total + samplings[policy].notSampled, 0);
}
