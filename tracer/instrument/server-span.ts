import type { IncomingMessage } from 'node:http';
import type { Span } from '@opentelemetry/api';

const SERVER_SPAN = Symbol('tracelab.server-span');

type WithServerSpan = IncomingMessage & { [SERVER_SPAN]?: Span };

/** The recording server span of a request, for what refines it later: the framework knows the route, the server does not. */
export function keepServerSpan(request: IncomingMessage, span: Span): void {
  (request as WithServerSpan)[SERVER_SPAN] = span;
}

export function serverSpanOf(request: IncomingMessage): Span | undefined {
  return (request as WithServerSpan)[SERVER_SPAN];
}
