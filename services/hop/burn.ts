import { ApiError } from '@tracelab/command';
import { isRecord } from '@tracelab/protocol';
import type { Route } from '../kit/route.ts';

export const BURN_US_MAX = 10_000;

/** What each request burns on purpose, which the overhead table must then find. */
export interface Burn {
  us: number;
}

/** `PUT /_lab/burn` `{"us": 50}`: from now on. Without another start, so that nothing but the burn differs. */
export function burnRoute(burn: Burn): Route {
  return { method: 'PUT', path: '/_lab/burn', handle: ({ body }) => Object.assign(burn, { us: readUs(body) }) };
}

function readUs(body: unknown): number {
  const us = isRecord(body) ? body['us'] : undefined;
  if (typeof us === 'number' && Number.isInteger(us) && us >= 0 && us <= BURN_US_MAX) return us;
  throw new ApiError(
    'bad_request',
    `"us" should be a whole number from 0 to ${BURN_US_MAX}: was ${JSON.stringify(us)}`,
  );
}

/**
 * Burns a known amount of CPU; reading the clock costs a microsecond more. By the clock of the thread: what interrupts take while it
 * burns is charged to it as well, and time in which another process runs is not.
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
