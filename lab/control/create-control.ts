import { ApiError, createAccessCheck, createHttpServer } from '@tracelab/command';
import type { FastifyInstance } from 'fastify';
import { registerClockRoutes } from './clock-routes.ts';
import { registerFaultRoutes } from './fault-routes.ts';
import type { CollectedInjections } from './injection-ring.ts';
import { registerLoadRoutes } from './load-routes.ts';
import type { ControlPlane } from './plane.ts';
import { registerProcessRoutes } from './process-routes.ts';
import { registerTracingRoutes } from './tracing-routes.ts';

const REFRESH_INTERVAL_MS = 1_000;

/** The lab's control as an HTTP server. Keeping the services in the wanted state is `watchServices`'s. */
export function createControl(plane: ControlPlane, options: { logLevel: string }): FastifyInstance {
  const server = createHttpServer({ name: 'lab', logLevel: options.logLevel });
  const checkAccess = createAccessCheck(plane.options.token);
  // Health is for all.
  server.addHook('onRequest', async (request) => (request.url === '/healthz' ? undefined : checkAccess(request)));
  reportDefects(server, plane);
  server.get('/healthz', () => ({ status: 'ok' }));
  registerFaultRoutes(server, plane);
  registerTracingRoutes(server, plane);
  registerClockRoutes(server, plane);
  registerLoadRoutes(server, plane);
  registerProcessRoutes(server, plane);
  registerInjectionRoute(server, plane);
  return server;
}

/** The supervisor's control writes no log (its stdout is the user's), so that a defect of ours has to be said. */
function reportDefects(server: FastifyInstance, plane: ControlPlane): void {
  server.addHook('onError', async (request, _reply, error) => {
    if (error instanceof ApiError || (error.statusCode ?? 500) < 500) return;
    plane.options.report(`defect of the control at ${request.method} ${request.url}: ${error.stack ?? error.message}`);
  });
}

/** Compares every service with the wanted state about once a second, one round at a time; gives the way to stop. */
export function watchServices(plane: ControlPlane, intervalMs: number = REFRESH_INTERVAL_MS): () => void {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  const round = async (): Promise<void> => {
    // A defect in one round must not end the watch, nor the lab.
    await plane
      .refresh()
      .catch((error: Error) => plane.options.report(`defect of the control: ${error.stack ?? error.message}`));
    if (!isStopped) timer = setTimeout(() => void round(), intervalMs);
  };
  timer = setTimeout(() => void round(), intervalMs);
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}

function registerInjectionRoute(server: FastifyInstance, plane: ControlPlane): void {
  server.get<{ Querystring: { after?: string } }>('/_lab/injections', (request) =>
    collectAfter(plane, request.query.after ?? '0'),
  );
}

/** What happened up to the question belongs into the answer, not only what the last round brought. */
async function collectAfter(plane: ControlPlane, text: string): Promise<CollectedInjections> {
  const after = Number(text);
  if (!Number.isInteger(after) || after < 0)
    throw new ApiError('bad_request', `after should be a whole number from 0: was "${text}"`);
  await plane.refresh();
  return plane.injections.after(after);
}
