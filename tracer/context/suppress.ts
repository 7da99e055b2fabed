import { ROOT_CONTEXT, createContextKey } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import { ContextWithSpan } from './context-with-span.ts';

/** The key of `@opentelemetry/core`, so that libraries which suppress tracing through it are obeyed as well. */
const SUPPRESS_TRACING = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

/** A context in which no span is made: our own exports, and requests under an ignored path. */
export function suppressTracing(context: Context): Context {
  return context.setValue(SUPPRESS_TRACING, true);
}

export function isTracingSuppressed(context: Context): boolean {
  const below = context instanceof ContextWithSpan ? context.below : context;
  return below !== ROOT_CONTEXT && below.getValue(SUPPRESS_TRACING) === true;
}
