import { createHttpServer } from '@tracelab/command';
import type { FastifyInstance } from 'fastify';
import { tracingRoutes } from '../kit/control/tracing.ts';
import { usageRoutes } from '../kit/control/usage.ts';
import { addControl } from '../kit/service.ts';
import { burnCpu, burnRoute, type Burn } from './burn.ts';

export interface HopOptions {
  role: 'front' | 'back';
  /** Whom the front calls; unused by the back. */
  backUrl: string;
  /** CPU that each request burns on purpose; 0 in every honest hop. */
  injectedUs: number;
  controlToken: string;
  logLevel: string;
}

/**
 * One of two processes that do as little as a traced hop can: the front answers `GET /` by asking the back. No faults, no
 * metrics, no log line for a request: the overhead table shall show what tracing costs and nothing else.
 */
export function createHop(options: HopOptions): FastifyInstance {
  const server = createHttpServer({ name: `hop-${options.role}`, logLevel: options.logLevel });
  let requestCount = 0;
  const burn: Burn = { us: options.injectedUs };
  const answer = options.role === 'front' ? () => askBack(`${options.backUrl}/`) : () => ({ hop: 'back' });
  server.get('/', async () => {
    requestCount++;
    if (burn.us > 0) burnCpu(burn.us);
    return answer();
  });
  server.get('/healthz', async () => ({ status: 'ok' }));
  addControl(server, options.controlToken, [...tracingRoutes(), ...usageRoutes(() => requestCount), burnRoute(burn)]);
  return server;
}

async function askBack(url: string): Promise<unknown> {
  const response = await fetch(url);
  return { hop: 'front', back: await response.json() };
}
