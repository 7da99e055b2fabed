import type { ContextManager, TextMapPropagator, Tracer } from '@opentelemetry/api';

/** One tracer under measurement, wired as it runs in an application up to the bytes of a batch, which it then drops. */
export interface Subject {
  readonly name: string;
  /** parentbased_always_on. */
  readonly sampledTracer: Tracer;
  /** parentbased_traceidratio, 0. */
  readonly unsampledTracer: Tracer;
  /** Registered with the API while a block of this subject runs. */
  readonly contextManager: ContextManager;
  readonly propagator: TextMapPropagator;
  /** Batches that have become OTLP bytes so far. */
  batchesEncoded: () => number;
  /** Of the newest batch, for the tests that look at what a case makes. */
  lastBatch: () => Uint8Array | undefined;
  /** Encodes what waits in a batch that is not full. */
  flush: () => Promise<unknown>;
}

/** Both tracers' default, and the unit in which blocks are cut: a block ends with a full batch, so none is carried over. */
export const BATCH_SPANS = 512;
