import type { Attributes, SpanOptions, TraceState } from '@opentelemetry/api';
import type { TraceId } from '../span/trace-id.ts';

/** What a sampler may know of the span's parent. */
export interface SamplingParent {
  readonly traceFlags: number;
  /** The parent is a span of another process. */
  readonly isRemote: boolean;
  readonly traceState: TraceState | undefined;
  /** A remote parent that left the decision to us, as B3 can. */
  readonly isDeferring?: boolean;
}

/**
 * Decides about a span before it exists. `options` are those of startSpan (kind, attributes, links); a sampler may
 * read and must not keep them. It never throws. toString gives the specification's description.
 */
export interface Sampler {
  sample: (traceId: TraceId, parent: SamplingParent | undefined, name: string, options: SpanOptions) => SamplingResult;
  toString: () => string;
}

/** Recording without sampling is forbidden, so one bit says it all. */
export interface SamplingResult {
  isSampled: boolean;
  /** Added to the span where it is sampled. */
  attributes?: Attributes;
  /** Replaces the parent's; absent: the parent's goes on unchanged. */
  traceState?: TraceState;
}

/** Shared, so that a decision allocates nothing. */
export const SAMPLED: SamplingResult = { isSampled: true };
export const NOT_SAMPLED: SamplingResult = { isSampled: false };
