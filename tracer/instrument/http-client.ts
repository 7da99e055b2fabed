import { errorMonitor } from 'node:events';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { SpanKind, SpanStatusCode, context as contextApi, propagation } from '@opentelemetry/api';
import type { Span, Tracer } from '@opentelemetry/api';
import { ContextWithSpan } from '../context/context-with-span.ts';
import { isTracingSuppressed } from '../context/suppress.ts';
import type { RequestSetter } from '../propagate/baggage-hosts.ts';
import { announceRequests } from './announce-requests.ts';
import { noteFailure, noteStatus } from './client-span.ts';
import { methodSpanName, setMethod } from './http-method.ts';
import type { Instrumentation } from './instrumentation.ts';
import { defaultPort, redactUrl, splitAuthority } from './redact-url.ts';
import { remember } from './remember.ts';
import { setRequestHeader } from './set-request-header.ts';
import { subscribeAll } from './subscribe.ts';

const authorityParts = remember(splitAuthority);
const CLIENT = { kind: SpanKind.CLIENT };
const SETTER: RequestSetter<ClientRequest> = { set: setRequestHeader, hostOf: ({ host }) => host };

/**
 * A client span for each request of node:http and node:https, with the trace's headers put in: from the request's making
 * until it is closed, which Node announces once whatever happened (answer read, connection lost, aborted, upgraded). An
 * answer that nobody reads keeps its connection, and so its span, until that connection is closed.
 */
export const instrumentHttpClient: Instrumentation = (host) => {
  const tracer = host.tracerFor('http-client');
  const announcement = announceRequests();
  const stopListening = subscribeAll({
    [announcement.channel]: (message) => traceRequest(tracer, (message as { request: ClientRequest }).request),
  });
  return () => {
    stopListening();
    announcement.stop();
  };
};

function traceRequest(tracer: Tracer, request: ClientRequest): void {
  const active = contextApi.active();
  if (isTracingSuppressed(active)) return;
  const span = tracer.startSpan(methodSpanName(request.method), CLIENT, active);
  if (span.isRecording()) {
    describeRequest(span, request);
    endOnClose(span, request);
  }
  propagation.inject(ContextWithSpan.from(active, span), request, SETTER);
}

function describeRequest(span: Span, request: ClientRequest): void {
  setMethod(span, request.method);
  const { protocol } = request;
  const authority = authorityOf(request);
  const { address, port = defaultPort(protocol) } = authorityParts(authority);
  span.setAttribute('server.address', address);
  span.setAttribute('server.port', port);
  span.setAttribute('url.full', redactUrl(fullUrl(request, `${protocol}//${authority}`)));
}

/** RFC 9112, 3.2: a target is a path, a whole URL for a proxy, `*` of OPTIONS or `host:port` of CONNECT. */
function fullUrl({ path }: ClientRequest, origin: string): string {
  if (path.startsWith('/')) return origin + path;
  return /^https?:\/\//i.test(path) ? path : origin;
}

/** RFC 9110, 7.1: the Host header is the authority of the target; where it was given as a list, it is already text. */
function authorityOf(request: ClientRequest): string {
  const { _header: head } = request as ClientRequest & { _header?: string | null };
  const host = request.getHeader('host') ?? /^host: *(.*?) *$/im.exec(head ?? '')?.[1] ?? request.host;
  return String(host);
}

type Answered = ClientRequest & { res?: IncomingMessage | null };

function endOnClose(span: Span, request: ClientRequest): void {
  let failure: Error | undefined;
  // No `error` listener: it would hide an error that nobody handles.
  request.once(errorMonitor, (error: Error) => (failure = error));
  request.once('close', () => {
    const { res: response } = request as Answered;
    if (response) noteResponse(span, response);
    if (failure !== undefined) noteFailure(span, failure);
    span.end();
  });
}

function noteResponse(span: Span, response: IncomingMessage): void {
  const status = response.statusCode ?? 0;
  noteStatus(span, status);
  if (status >= 400 || response.complete || isUpgrade(response)) return;
  const message = 'the connection closed before the response was complete';
  span.setAttribute('error.type', 'aborted').setStatus({ code: SpanStatusCode.ERROR, message });
}

/** Of 101, and of 200 after CONNECT, the connection lives on in other hands. */
function isUpgrade(response: IncomingMessage): boolean {
  return (response as IncomingMessage & { upgrade?: boolean | null }).upgrade === true;
}
