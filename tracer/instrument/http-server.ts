import type { IncomingMessage, ServerResponse } from 'node:http';
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, defaultTextMapGetter, propagation, trace } from '@opentelemetry/api';
import type { Context, Span, Tracer } from '@opentelemetry/api';
import { suppressTracing } from '../context/suppress.ts';
import { methodSpanName, setMethod } from './http-method.ts';
import type { Instrumentation } from './instrumentation.ts';
import { splitPath } from './redact-url.ts';
import { keepServerSpan } from './server-span.ts';
import { subscribeAll } from './subscribe.ts';

interface RequestStart {
  request: IncomingMessage;
  response: ServerResponse;
}

/**
 * A server span for each request that node:http parses, from its headers until its response is closed: an aborted
 * request ends as well. The context is entered once, so that all that handles the request runs under the span.
 */
export const instrumentHttpServer: Instrumentation = (host) => {
  const tracer = host.tracerFor('http-server');
  const ignored = suppressTracing(ROOT_CONTEXT);
  return subscribeAll({
    'http.server.request.start': (message) => {
      const { request, response } = message as RequestStart;
      const target = request.url ?? '/';
      const isIgnored = host.ignorePaths.some((prefix) => target.startsWith(prefix));
      host.enterContext(isIgnored ? ignored : startServerSpan(tracer, request, response));
    },
  });
};

function startServerSpan(tracer: Tracer, request: IncomingMessage, response: ServerResponse): Context {
  const parent = propagation.extract(ROOT_CONTEXT, request.headers, defaultTextMapGetter);
  const method = request.method ?? '';
  const span = tracer.startSpan(methodSpanName(method), { kind: SpanKind.SERVER }, parent);
  if (span.isRecording()) {
    describeRequest(span, request, method);
    keepServerSpan(request, span);
    response.once('close', () => endServerSpan(span, response));
  }
  return trace.setSpan(parent, span);
}

function describeRequest(span: Span, request: IncomingMessage, method: string): void {
  setMethod(span, method);
  const { path, query } = splitPath(request.url ?? '/');
  span.setAttribute('url.path', path);
  if (query !== '') span.setAttribute('url.query', query);
  const { socket } = request;
  span.setAttribute('url.scheme', 'encrypted' in socket ? 'https' : 'http');
  describeHost(span, request.headers.host);
  if (socket.remoteAddress !== undefined) span.setAttribute('network.peer.address', socket.remoteAddress);
  if (socket.remotePort !== undefined) span.setAttribute('network.peer.port', socket.remotePort);
  span.setAttribute('network.protocol.version', request.httpVersion);
  const userAgent = request.headers['user-agent'];
  if (userAgent !== undefined) span.setAttribute('user_agent.original', userAgent);
}

/** `example.com:8080` or `[::1]:8080`. */
function describeHost(span: Span, host: string | undefined): void {
  if (host === undefined || host === '') return;
  const colon = host.lastIndexOf(':');
  const port = colon > host.lastIndexOf(']') ? Number(host.slice(colon + 1)) : Number.NaN;
  span.setAttribute('server.address', Number.isNaN(port) ? host : host.slice(0, colon));
  if (Number.isInteger(port)) span.setAttribute('server.port', port);
}

/** Semantic conventions: a server's 4xx is the client's error and leaves the status unset, a 5xx is ours. */
function endServerSpan(span: Span, response: ServerResponse): void {
  const status = response.statusCode;
  const isCut = !response.writableFinished;
  if (!isCut || response.headersSent) span.setAttribute('http.response.status_code', status);
  if (status >= 500) {
    span.setAttribute('error.type', String(status)).setStatus({ code: SpanStatusCode.ERROR });
  } else if (isCut) {
    const message = 'the connection closed before the response was complete';
    span.setAttribute('error.type', 'aborted').setStatus({ code: SpanStatusCode.ERROR, message });
  }
  span.end();
}
