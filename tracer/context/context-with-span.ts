import { trace } from '@opentelemetry/api';
import type { Context, Span } from '@opentelemetry/api';

/** The API does not export the key that `trace.setSpan` uses: it is read off a context that records what it is asked to set. */
const SPAN_KEY = ((): symbol => {
  let spanKey = Symbol('unset');
  const recorder: Context = {
    getValue: () => undefined,
    setValue: (key) => {
      spanKey = key;
      return recorder;
    },
    deleteValue: () => recorder,
  };
  trace.setSpan(recorder, trace.wrapSpanContext({ traceId: '', spanId: '', traceFlags: 0 }));
  return spanKey;
})();

/**
 * A context whose span lies in a field and everything else in the context below. The API's own context is a Map that is
 * copied for each value set, 100 to 300 ns for each span; most contexts differ in their span alone.
 */
export class ContextWithSpan implements Context {
  readonly span: Span | undefined;
  /** Everything but the span. */
  readonly below: Context;

  private constructor(span: Span | undefined, below: Context) {
    this.span = span;
    this.below = below;
  }

  /** As `trace.setSpan(context, span)`. */
  static from(context: Context, span: Span): ContextWithSpan {
    return new ContextWithSpan(span, context instanceof ContextWithSpan ? context.below : context);
  }

  getValue(key: symbol): unknown {
    return key === SPAN_KEY ? this.span : this.below.getValue(key);
  }

  setValue(key: symbol, value: unknown): Context {
    if (key === SPAN_KEY) return new ContextWithSpan(value as Span | undefined, this.below);
    return new ContextWithSpan(this.span, this.below.setValue(key, value));
  }

  deleteValue(key: symbol): Context {
    if (key === SPAN_KEY) return this.below.deleteValue(key);
    return new ContextWithSpan(this.span, this.below.deleteValue(key));
  }
}

/** As `trace.getSpan`, without a lookup where the context is ours. */
export function spanIn(context: Context): Span | undefined {
  return context instanceof ContextWithSpan ? context.span : trace.getSpan(context);
}
