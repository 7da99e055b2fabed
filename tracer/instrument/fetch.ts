import { SpanKind, SpanStatusCode, context as contextApi, propagation, trace } from '@opentelemetry/api';
import type { Span, Tracer } from '@opentelemetry/api';
import { isTracingSuppressed } from '../context/suppress.ts';
import { methodSpanName, setMethod } from './http-method.ts';
import type { Instrumentation } from './instrumentation.ts';
import { splitPath } from './redact-url.ts';
import { subscribeAll } from './subscribe.ts';

/** The part of undici's request that is used. `headers` is a flat list of names and values (undici 6 and later). */
interface UndiciRequest {
  origin: string | URL;
  path: string;
  method: string;
  headers?: unknown;
  addHeader: (name: string, value: string) => unknown;
}

/** A client span for each request of global fetch and of undici, with the trace's headers put in. */
export const instrumentFetch: Instrumentation = (host) => {
  const tracer = host.tracerFor('fetch');
  const spans = new WeakMap<UndiciRequest, Span>();
  const spanOf = (message: object): Span | undefined => spans.get((message as { request: UndiciRequest }).request);
  return subscribeAll({
    'undici:request:create': (message) => {
      const { request } = message as { request: UndiciRequest };
      const span = startClientSpan(tracer, request);
      if (span?.isRecording() === true) spans.set(request, span);
    },
    'undici:request:headers': (message) => {
      const span = spanOf(message);
      if (span !== undefined) noteStatus(span, (message as { response: { statusCode: number } }).response.statusCode);
    },
    'undici:request:trailers': (message) => spanOf(message)?.end(),
    'undici:request:error': (message) => {
      const span = spanOf(message);
      if (span !== undefined) endWithError(span, (message as { error: Error }).error);
    },
  });
};

function startClientSpan(tracer: Tracer, request: UndiciRequest): Span | undefined {
  const active = contextApi.active();
  if (isTracingSuppressed(active)) return undefined;
  const span = tracer.startSpan(methodSpanName(request.method), { kind: SpanKind.CLIENT }, active);
  if (span.isRecording()) describeRequest(span, request);
  propagation.inject(trace.setSpan(active, span), request, { set: setHeader });
  return span;
}

function describeRequest(span: Span, request: UndiciRequest): void {
  setMethod(span, request.method);
  const origin = URL.parse(String(request.origin));
  if (origin === null) return;
  const { path, query } = splitPath(request.path);
  span.setAttribute('server.address', origin.hostname.replace(/^\[|\]$/g, ''));
  span.setAttribute('server.port', origin.port === '' ? defaultPort(origin.protocol) : Number(origin.port));
  // `origin` and `host` are without the credentials that a URL may hold.
  span.setAttribute('url.full', `${origin.protocol}//${origin.host}${path}${query === '' ? '' : `?${query}`}`);
}

function defaultPort(protocol: string): number {
  return protocol === 'https:' ? 443 : 80;
}

/** Replaces a header that the application put in by hand: twice the same traceparent would be a malformed one. */
function setHeader(request: UndiciRequest, name: string, value: string): void {
  const { headers } = request;
  if (Array.isArray(headers)) {
    const index = headers.findIndex((item, at) => at % 2 === 0 && String(item).toLowerCase() === name);
    if (index >= 0) {
      headers[index + 1] = value;
      return;
    }
  }
  request.addHeader(name, value);
}

/** Semantic conventions: to a client a 4xx is an error as well. */
function noteStatus(span: Span, status: number): void {
  span.setAttribute('http.response.status_code', status);
  if (status >= 400) span.setAttribute('error.type', String(status)).setStatus({ code: SpanStatusCode.ERROR });
}

function endWithError(span: Span, error: Error & { code?: string }): void {
  const type = error.code ?? error.name;
  span.setAttribute('error.type', type).setStatus({ code: SpanStatusCode.ERROR, message: error.message });
  span.recordException(error);
  span.end();
}
