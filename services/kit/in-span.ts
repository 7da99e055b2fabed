import type { Attributes, Span } from '@opentelemetry/api';
import { SpanStatusCode, trace } from '@opentelemetry/api';

const tracer = trace.getTracer('@tracelab/services');

/** Runs a block of work inside a span of its own; the span ends with the block and carries its error. */
export async function inSpan<Value>(
  name: string,
  attributes: Attributes,
  work: (span: Span) => Value | Promise<Value>,
): Promise<Value> {
  return tracer.startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      span.recordException(error instanceof Error ? error : message);
      span.setStatus({ code: SpanStatusCode.ERROR, message });
      throw error;
    } finally {
      span.end();
    }
  });
}
