import type { Span } from '@opentelemetry/api';
import { SpanIdentity } from './span-identity.ts';

/** The twin of the recording span for what the sampler refused: it carries the context on and touches nothing else. */
export class NonRecordingSpan extends SpanIdentity implements Span {
  get isRemote(): boolean {
    return false;
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
