import { createHttpServer } from '@tracelab/command';
import type { FastifyInstance } from 'fastify';
import { tracingRoutes } from '../kit/control/tracing.ts';
import { usageRoutes } from '../kit/control/usage.ts';
import { addControl } from '../kit/service.ts';

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
  const answer = options.role === 'front' ? () => askBack(`${options.backUrl}/`) : () => ({ hop: 'back' });
  server.get('/', async () => {
    requestCount++;
    if (options.injectedUs > 0) burnCpu(options.injectedUs);
    return answer();
  });
  server.get('/healthz', async () => ({ status: 'ok' }));
  addControl(server, options.controlToken, [...tracingRoutes(), ...usageRoutes(() => requestCount)]);
  return server;
}

/** A step of the clock longer than this is time in which the thread did not run. */
const STEP_US_MAX = 5;

/**
 * Burns a known amount of CPU, which the table must then find. Counts the short steps of the clock: on a busy machine the
 * thread is held up now and then, and that time is nobody's CPU. (The kernel's clock of a thread moves every 4 ms only.)
 */
export function burnCpu(amountUs: number): void {
  let burntUs = 0;
  let lastMs = performance.now();
  while (burntUs < amountUs) {
    const nowMs = performance.now();
    const stepUs = (nowMs - lastMs) * 1000;
    if (stepUs < STEP_US_MAX) burntUs += stepUs;
    lastMs = nowMs;
  }
}

async function askBack(url: string): Promise<unknown> {
  const response = await fetch(url);
  return { hop: 'front', back: await response.json() };
}
