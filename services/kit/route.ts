import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ApiError } from '@tracelab/command';

/** One address of a service as data: the kit does the rest. */
export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** `:name` stands for one segment. */
  path: string;
  /** Answers 200 with what it returns as JSON; an ApiError that it throws decides status and body. */
  handle: (request: RouteRequest) => unknown;
}

export interface RouteRequest {
  /** Untrusted: see read.ts. */
  body: unknown;
  params: Readonly<Record<string, string>>;
  query: Readonly<Record<string, unknown>>;
  log: Log;
}

/** pino's, with the ids of the active span stamped on by the tracer. */
export type Log = FastifyRequest['log'];

export function addRoutes(server: FastifyInstance, routes: readonly Route[]): void {
  for (const { method, path, handle } of routes) {
    server.route({ method, url: path, handler: async (request) => answer(request, handle) });
  }
}

async function answer(request: FastifyRequest, handle: Route['handle']): Promise<unknown> {
  try {
    return await handle({
      body: request.body,
      params: request.params as Record<string, string>,
      query: request.query as Record<string, unknown>,
      log: request.log,
    });
  } catch (error) {
    // The reason of a refusal belongs to the log too, not only to the caller (the tracer writes it to the span).
    if (error instanceof ApiError) request.log.warn({ code: error.code }, error.message);
    throw error;
  }
}
