import { SpanKind, context as contextApi, propagation, trace } from '@opentelemetry/api';
import type { Span, Tracer } from '@opentelemetry/api';
import { isTracingSuppressed } from '../context/suppress.ts';
import type { RequestSetter } from '../propagate/baggage-hosts.ts';
import { noteFailure, noteStatus } from './client-span.ts';
import { methodSpanName, setMethod } from './http-method.ts';
import type { Instrumentation } from './instrumentation.ts';
import { splitPath } from './redact-url.ts';
import { subscribeAll } from './subscribe.ts';

/** The part of undici's request that is used. `headers` is a flat list of names and values (undici 6 and later). */
interface UndiciRequest {
  origin: string | URL;
  path: string;
  method: string;
  /** The protocol that the connection is handed over to, of a WebSocket for one. */
  upgrade?: unknown;
  headers?: unknown;
  addHeader: (name: string, value: string) => unknown;
}

/**
 * A client span for each request of global fetch and of undici, with the trace's headers put in. A large body that nobody
 * reads keeps its span open until the garbage collector finds the response, which undici then tells as an error.
 */
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
      if (span === undefined) return;
      noteFailure(span, (message as { error: unknown }).error);
      span.end();
    },
  });
};

const SETTER: RequestSetter<UndiciRequest> = { set: setHeader, hostOf: ({ origin }) => hostNameOf(new URL(origin)) };

function startClientSpan(tracer: Tracer, request: UndiciRequest): Span | undefined {
  const active = contextApi.active();
  // The tunnel of a proxy is no request of the application's.
  if (isTracingSuppressed(active) || request.method === 'CONNECT') return undefined;
  // Undici never tells the end of a handed-over connection: a span of it would stay open.
  if (request.upgrade) {
    propagation.inject(active, request, SETTER);
    return undefined;
  }
  const span = tracer.startSpan(methodSpanName(request.method), { kind: SpanKind.CLIENT }, active);
  if (span.isRecording()) describeRequest(span, request);
  propagation.inject(trace.setSpan(active, span), request, SETTER);
  return span;
}

function describeRequest(span: Span, request: UndiciRequest): void {
  setMethod(span, request.method);
  if (!URL.canParse(String(request.origin))) return;
  const origin = new URL(request.origin);
  const { path, query } = splitPath(request.path);
  span.setAttribute('server.address', hostNameOf(origin));
  span.setAttribute('server.port', origin.port === '' ? defaultPort(origin.protocol) : Number(origin.port));
  // `origin` and `host` are without the credentials that a URL may hold.
  span.setAttribute('url.full', `${origin.protocol}//${origin.host}${path}${query === '' ? '' : `?${query}`}`);
}

/** An IPv6 address without its brackets. */
function hostNameOf(origin: URL): string {
  return origin.hostname.replace(/^\[|\]$/g, '');
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
