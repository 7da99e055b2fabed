import type { Span } from '@opentelemetry/api';

/** Semantic conventions, http.request.method: anything else is `_OTHER`, so that a stranger cannot invent span names. */
const KNOWN_METHODS: ReadonlySet<string> = new Set([
  'CONNECT',
  'DELETE',
  'GET',
  'HEAD',
  'OPTIONS',
  'PATCH',
  'POST',
  'PUT',
  'QUERY',
  'TRACE',
]);

/** The name of a span without a route: the method, or HTTP for an unknown one. */
export function methodSpanName(method: string): string {
  return KNOWN_METHODS.has(method) ? method : 'HTTP';
}

export function setMethod(span: Span, method: string): void {
  if (KNOWN_METHODS.has(method)) {
    span.setAttribute('http.request.method', method);
    return;
  }
  span.setAttribute('http.request.method', '_OTHER').setAttribute('http.request.method_original', method);
}
