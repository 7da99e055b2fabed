import { errorBody, LIMITS } from '@tracelab/protocol';
import Fastify, {
  LogController,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { explainError } from './explain-error.ts';
import { matchesRoute } from './match-route.ts';
import { connectionOptions } from './unreadable-request.ts';

export interface ServerOptions {
  /** The `name` of every log line. */
  name: string;
  bodyBytesMax?: number;
  /** How long a request may take to arrive. @default LIMITS.requestArrivalMsMax */
  arrivalMsMax?: number;
  /** pino's level; 'silent' for none. @default 'info' */
  logLevel?: string;
}

/** A Fastify server whose every error has our body and says what is allowed; it logs to stdout, one JSON line each. */
export function createHttpServer(options: ServerOptions): FastifyInstance {
  const server = Fastify({
    logger: { name: options.name, level: options.logLevel ?? 'info' },
    bodyLimit: options.bodyBytesMax ?? LIMITS.jsonBodyBytesMax,
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: 'idle',
    ...connectionOptions(options.arrivalMsMax),
    // A path that cannot be decoded reaches no route, nor the handler of errors below.
    frameworkErrors: (error, request, reply) => void replyWithError(error, request, reply),
  });
  // What is no JSON would pass as a text body.
  server.removeContentTypeParser('text/plain');
  const routes: { method: string; path: string }[] = [];
  server.addHook('onRoute', (route) => {
    for (const method of [route.method].flat()) routes.push({ method, path: route.url });
  });
  server.setNotFoundHandler((request, reply) => replyNotFound(request, reply, routes));
  server.setErrorHandler((error: FastifyError, request, reply) => replyWithError(error, request, reply));
  return server;
}

async function replyNotFound(
  request: FastifyRequest,
  reply: FastifyReply,
  routes: readonly { method: string; path: string }[],
): Promise<FastifyReply> {
  const path = request.url.split('?', 1)[0] ?? '/';
  const methods = [...new Set(routes.filter((route) => matchesRoute(route.path, path)).map((route) => route.method))];
  if (methods.length > 0) {
    const allowed = methods.join(', ');
    return reply
      .header('allow', allowed)
      .code(405)
      .send(errorBody('method_not_allowed', `${request.method} ${path} is not possible: allowed is ${allowed}`));
  }
  const known = [...new Set(routes.map((route) => route.path))].filter((known) => !known.includes('*')).join(', ');
  return reply.code(404).send(errorBody('not_found', `there is no ${path} here: the paths are ${known}`));
}

function replyWithError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { code, status, message } = explainError(error, request);
  if (code === 'internal') request.log.error({ err: error }, 'a request failed through a defect');
  return reply.code(status).send(errorBody(code, message));
}
