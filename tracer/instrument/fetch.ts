import { SpanKind, context as contextApi, propagation } from '@opentelemetry/api';
import type { Span, Tracer } from '@opentelemetry/api';
import { ContextWithSpan } from '../context/context-with-span.ts';
import { isTracingSuppressed } from '../context/suppress.ts';
import type { RequestSetter } from '../propagate/baggage-hosts.ts';
import { noteFailure, noteStatus } from './client-span.ts';
import { methodSpanName, setMethod } from './http-method.ts';
import type { Instrumentation } from './instrumentation.ts';
import { indexOfHeader } from './raw-headers.ts';
import { defaultPort, splitAuthority, splitPath } from './redact-url.ts';
import { remember } from './remember.ts';
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
  /** On the request itself: a WeakMap costs a hash for each request and work in each garbage collection. */
  [CLIENT_SPAN]?: Span;
}

const CLIENT_SPAN = Symbol('tracelab.client-span');

/**
 * A client span for each request of global fetch and of undici, with the trace's headers put in. A large body that nobody
 * reads keeps its span open until the garbage collector finds the response, which undici then tells as an error.
 */
export const instrumentFetch: Instrumentation = (host) => {
  const tracer = host.tracerFor('fetch');
  const spanOf = (message: object): Span | undefined => (message as { request: UndiciRequest }).request[CLIENT_SPAN];
  return subscribeAll({
    'undici:request:create': (message) => {
      const { request } = message as { request: UndiciRequest };
      const span = startClientSpan(tracer, request);
      if (span?.isRecording() === true) request[CLIENT_SPAN] = span;
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

const CLIENT = { kind: SpanKind.CLIENT };
const SETTER: RequestSetter<UndiciRequest> = {
  set: setHeader,
  hostOf: ({ origin }) => originParts(String(origin))?.address ?? '',
};

function startClientSpan(tracer: Tracer, request: UndiciRequest): Span | undefined {
  const active = contextApi.active();
  // The tunnel of a proxy is no request of the application's.
  if (isTracingSuppressed(active) || request.method === 'CONNECT') return undefined;
  // Undici never tells the end of a handed-over connection: a span of it would stay open.
  if (request.upgrade) {
    propagation.inject(active, request, SETTER);
    return undefined;
  }
  const span = tracer.startSpan(methodSpanName(request.method), CLIENT, active);
  if (span.isRecording()) describeRequest(span, request);
  propagation.inject(ContextWithSpan.from(active, span), request, SETTER);
  return span;
}

function describeRequest(span: Span, request: UndiciRequest): void {
  setMethod(span, request.method);
  const origin = originParts(String(request.origin));
  if (origin === undefined) return;
  const { path, query } = splitPath(request.path);
  span.setAttribute('server.address', origin.address);
  span.setAttribute('server.port', origin.port);
  span.setAttribute('url.full', query === '' ? origin.url + path : `${origin.url}${path}?${query}`);
}

interface Origin {
  /** `http://host:port`, without the credentials that a URL may hold. */
  url: string;
  /** An IPv6 address comes without its brackets. */
  address: string;
  port: number;
}

const originParts = remember((text: string): Origin | undefined => {
  if (!URL.canParse(text)) return undefined;
  const { protocol, host } = new URL(text);
  const { address, port = defaultPort(protocol) } = splitAuthority(host);
  return { url: `${protocol}//${host}`, address, port };
});

/** Replaces a header that the application put in by hand: twice the same traceparent would be a malformed one. */
function setHeader(request: UndiciRequest, name: string, value: string): void {
  const { headers } = request;
  const index = Array.isArray(headers) ? indexOfHeader(headers, name) : -1;
  if (index >= 0) (headers as unknown[])[index + 1] = value;
  else request.addHeader(name, value);
}
