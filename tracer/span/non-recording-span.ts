import type { Span, SpanContext, TraceState } from '@opentelemetry/api';
import type { SpanId } from './span-id.ts';
import { spanContextOf } from './span-identity.ts';
import type { SpanIdentity } from './span-identity.ts';
import type { TraceId } from './trace-id.ts';

/** The twin of the recording span for what the sampler refused: it carries the context on and touches nothing else. */
export class NonRecordingSpan implements Span, SpanIdentity {
  readonly traceId: TraceId;
  readonly spanId: SpanId;
  readonly traceFlags: number;
  readonly traceState: TraceState | undefined;
  /** Of another process: what a propagator found. Not a class of its own, which would cost each caller's span a second constructor. */
  isRemote = false;
  #context: SpanContext | undefined;

  constructor(traceId: TraceId, spanId: SpanId, traceFlags: number, traceState: TraceState | undefined) {
    this.traceId = traceId;
    this.spanId = spanId;
    this.traceFlags = traceFlags;
    this.traceState = traceState;
  }

  /** The same object at each call, a plain one: applications spread and compare it. */
  spanContext(): SpanContext {
    return (this.#context ??= spanContextOf(this));
  }

  isRecording(): boolean {
    return false;
  }

  setAttribute(): this {
    return this;
  }

  setAttributes(): this {
    return this;
  }

  addEvent(): this {
    return this;
  }

  addLink(): this {
    return this;
  }

  addLinks(): this {
    return this;
  }

  setStatus(): this {
    return this;
  }

  updateName(): this {
    return this;
  }

  recordException(): void {}

  end(): void {}
}
