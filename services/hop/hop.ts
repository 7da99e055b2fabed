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

/**
 * Burns a known amount of CPU, which the table must then find; reading the clock costs a microsecond more. By the clock of the thread:
 * what interrupts take while it burns is charged to it as well, and time in which another process runs is not.
 */
export function burnCpu(amountUs: number): void {
  const endUs = threadCpuUs() + amountUs;
  for (let leftUs = amountUs; leftUs > 0; leftUs = endUs - threadCpuUs()) spin(leftUs);
}

function spin(durationUs: number): void {
  const endMs = performance.now() + durationUs / 1000;
  while (performance.now() < endMs);
}

/** Linux brings the thread's clock up to date when that of its process is read, and else only every tick of 4 ms. */
function threadCpuUs(): number {
  process.cpuUsage();
  const { user, system } = process.threadCpuUsage();
  return user + system;
}

async function askBack(url: string): Promise<unknown> {
  const response = await fetch(url);
  return { hop: 'front', back: await response.json() };
}
