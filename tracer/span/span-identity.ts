import type { SpanContext, TraceState } from '@opentelemetry/api';
import { TRACE_FLAG_RANDOM } from '@tracelab/protocol';
import type { SamplingParent } from '../sample/sampler.ts';
import type { SpanId } from './span-id.ts';
import type { TraceId } from './trace-id.ts';

/** Which span of which trace: what all spans of ours have in common. Texts and the API's SpanContext are made when asked for. */
export abstract class SpanIdentity implements SamplingParent {
  readonly traceId: TraceId;
  readonly spanId: SpanId;
  readonly traceFlags: number;
  readonly traceState: TraceState | undefined;
  #context: SpanContext | undefined;

  constructor(traceId: TraceId, spanId: SpanId, traceFlags: number, traceState: TraceState | undefined) {
    this.traceId = traceId;
    this.spanId = spanId;
    this.traceFlags = traceFlags;
    this.traceState = traceState;
  }

  abstract readonly isRemote: boolean;

  /** The same object at each call, a plain one: applications spread and compare it. */
  spanContext(): SpanContext {
    return (this.#context ??= this.#makeContext());
  }

  #makeContext(): SpanContext {
    return {
      traceId: this.traceId.hex,
      spanId: this.spanId.hex,
      traceFlags: this.traceFlags,
      ...(this.isRemote && { isRemote: true }),
      ...(this.traceState !== undefined && { traceState: this.traceState }),
    };
  }
}

/** W3C level 2: the random flag is set where a trace starts and copied as it was where it continues. */
export function randomFlagUnder(parent: SpanIdentity | undefined): number {
  return parent === undefined ? TRACE_FLAG_RANDOM : parent.traceFlags & TRACE_FLAG_RANDOM;
}
