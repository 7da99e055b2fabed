import type { IncomingMessage } from 'node:http';
import type { Exception } from '@opentelemetry/api';
import { methodSpanName } from './http-method.ts';
import type { Instrumentation } from './instrumentation.ts';
import { serverSpanOf } from './server-span.ts';
import { subscribeAll } from './subscribe.ts';

/** The part of Fastify that is used, so that the package is not needed. */
interface FastifyLike {
  addHook: (name: string, hook: (...args: never[]) => void) => unknown;
}

interface FastifyRequestLike {
  raw: IncomingMessage;
  method: string;
  routeOptions?: { url?: string };
}

const SERVER_ERROR = 500;

/**
 * Names the server span after Fastify's route and notes what a handler threw. A hook, since Fastify's own handler
 * channel is silent for 404s and for requests that another hook refuses. Sees instances made after it was put in.
 */
export const instrumentFastify: Instrumentation = () =>
  subscribeAll({
    'fastify.initialization': (message) => {
      const { fastify } = message as { fastify: FastifyLike };
      fastify.addHook('onRequest', (request: FastifyRequestLike, _reply: unknown, done: () => void) => {
        nameAfterRoute(request);
        done();
      });
      fastify.addHook('onError', (request: FastifyRequestLike, _reply: unknown, error: ErrorLike, done: () => void) => {
        noteException(request, error);
        done();
      });
    },
  });

type ErrorLike = Exclude<Exception, string> & { statusCode?: number };

/** A 404 has no route, and keeps the method alone as its name: raw paths would make names without end. */
function nameAfterRoute(request: FastifyRequestLike): void {
  const span = serverSpanOf(request.raw);
  const route = request.routeOptions?.url;
  if (span === undefined || route === undefined || route === '') return;
  span.setAttribute('http.route', route).updateName(`${methodSpanName(request.method)} ${route}`);
}

/** A client's error that a framework throws to answer 4xx is no exception of ours. */
function noteException(request: FastifyRequestLike, error: ErrorLike): void {
  const status = error.statusCode ?? SERVER_ERROR;
  if (status >= SERVER_ERROR) serverSpanOf(request.raw)?.recordException(error);
}
