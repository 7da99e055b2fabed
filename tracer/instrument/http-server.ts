import type { IncomingMessage, ServerResponse } from 'node:http';
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, propagation } from '@opentelemetry/api';
import type { Context, Span, Tracer } from '@opentelemetry/api';
import { ContextWithSpan } from '../context/context-with-span.ts';
import { suppressTracing } from '../context/suppress.ts';
import { methodSpanName, setMethod } from './http-method.ts';
import type { Instrumentation } from './instrumentation.ts';
import { firstHeader, rawHeaderGetter } from './raw-headers.ts';
import { splitAuthority, splitPath } from './redact-url.ts';
import { remember } from './remember.ts';
import { keepServerSpan, serverSpanOf } from './server-span.ts';
import { subscribeAll } from './subscribe.ts';

interface RequestStart {
  request: IncomingMessage;
  response: ServerResponse;
}

const authorityParts = remember(splitAuthority);

/**
 * A server span for each request that node:http parses, from its headers until its response is closed: an aborted
 * request ends as well. The context is entered once, so that all that handles the request runs under the span.
 */
export const instrumentHttpServer: Instrumentation = (host) => {
  const tracer = host.tracerFor('http-server');
  const ignored = suppressTracing(ROOT_CONTEXT);
  const isIgnored = (target: string): boolean => host.ignorePaths.some((prefix) => target.startsWith(prefix));
  return subscribeAll({
    'http.server.request.start': (message) => {
      const { request, response } = message as RequestStart;
      const context = isIgnored(request.url ?? '/') ? ignored : startServerSpan(tracer, request, response);
      host.enterContext(context);
    },
  });
};

/** Attributes come after the sampler, who does not look at them: a request that is not sampled touches none. */
function startServerSpan(tracer: Tracer, request: IncomingMessage, response: ServerResponse): Context {
  const parent = propagation.extract(ROOT_CONTEXT, request, rawHeaderGetter);
  const method = request.method ?? '';
  const span = tracer.startSpan(methodSpanName(method), SERVER, parent);
  if (span.isRecording()) {
    describeRequest(span, request, method);
    keepServerSpan(request, span);
    response.on('close', endServerSpan);
  }
  return ContextWithSpan.from(parent, span);
}

const SERVER = { kind: SpanKind.SERVER };

function describeRequest(span: Span, request: IncomingMessage, method: string): void {
  setMethod(span, method);
  const { path, query } = splitPath(request.url ?? '/');
  span.setAttribute('url.path', path);
  if (query !== '') span.setAttribute('url.query', query);
  const { socket } = request;
  span.setAttribute('url.scheme', 'encrypted' in socket ? 'https' : 'http');
  describeHost(span, firstHeader(request, 'host'));
  const { remoteAddress, remotePort } = socket;
  if (remoteAddress !== undefined) span.setAttribute('network.peer.address', remoteAddress);
  if (remotePort !== undefined) span.setAttribute('network.peer.port', remotePort);
  span.setAttribute('network.protocol.version', request.httpVersion);
  const userAgent = firstHeader(request, 'user-agent');
  if (userAgent !== undefined) span.setAttribute('user_agent.original', userAgent);
}

function describeHost(span: Span, host: string | undefined): void {
  if (host === undefined || host === '') return;
  const { address, port } = authorityParts(host);
  span.setAttribute('server.address', address);
  if (port !== undefined) span.setAttribute('server.port', port);
}

/**
 * A listener of the response's end; the same one for all, since a closure each costs more than it does. Semantic
 * conventions: a server's 4xx is the client's error and leaves the status unset, a 5xx is ours.
 */
function endServerSpan(this: ServerResponse): void {
  const span = serverSpanOf(this.req);
  if (span === undefined) return;
  const status = this.statusCode;
  const isCut = !this.writableFinished;
  const isAnswered = !isCut || this.headersSent;
  if (isAnswered) span.setAttribute('http.response.status_code', status);
  if (isAnswered && status >= 500) {
    span.setAttribute('error.type', String(status)).setStatus({ code: SpanStatusCode.ERROR });
  } else if (isCut) {
    const message = 'the connection closed before the response was complete';
    span.setAttribute('error.type', 'aborted').setStatus({ code: SpanStatusCode.ERROR, message });
  }
  span.end();
}
