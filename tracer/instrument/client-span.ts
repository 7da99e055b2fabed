import { SpanStatusCode } from '@opentelemetry/api';
import type { Span } from '@opentelemetry/api';
import { asText } from '../span/as-text.ts';

/** Semantic conventions, HTTP client: to a client a 4xx is an error as well. */
export function noteStatus(span: Span, status: number): void {
  span.setAttribute('http.response.status_code', status);
  if (status >= 400) span.setAttribute('error.type', String(status)).setStatus({ code: SpanStatusCode.ERROR });
}

/**
 * What a request failed with: an Error, a DOMException (whose code is a number), or anything at all, since
 * AbortController.abort takes any reason. Semantic conventions, error.type: `_OTHER` where there is no name for it.
 */
export function noteFailure(span: Span, failure: unknown): void {
  const { code, name, message } = Object(failure) as { code?: unknown; name?: unknown; message?: unknown };
  const text = asText(typeof message === 'string' ? message : failure);
  span.setAttribute('error.type', textOf(code) ?? textOf(name) ?? '_OTHER');
  span.setStatus({ code: SpanStatusCode.ERROR, message: text });
  span.recordException(failure instanceof Error ? failure : text);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
