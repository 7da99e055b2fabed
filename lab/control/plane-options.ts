import { randomInt } from 'node:crypto';
import { portFor, SERVICES } from '@tracelab/protocol';
import type { ServiceName } from '@tracelab/protocol';
import { reachableHost, serviceUrl } from '../processes.ts';
import type { PlaneOptions } from './plane.ts';

/** Seeds are 32-bit: a fault can be typed again with the seed that a list shows. */
const SEED_MAX = 0xffff_ffff;

type Given = Pick<PlaneOptions, 'token' | 'report' | 'supervised'> & { hasLoad: boolean };

/** The control's options in a real process: addresses from the environment, the system's clock and randomness. */
export function planeOptions({ hasLoad, ...given }: Given): PlaneOptions {
  return {
    ...given,
    serviceUrls: Object.fromEntries(SERVICES.map((service) => [service, serviceUrl(service, process.env)])) as Record<
      ServiceName,
      string
    >,
    loadUrl: hasLoad ? loadUrl() : undefined,
    clock: { nowUnixMs: Date.now, randomSeed: () => randomInt(SEED_MAX) },
  };
}

function loadUrl(): string {
  const given = process.env['LOAD_URL'] ?? '';
  return given === ''
    ? `http://${reachableHost(process.env)}:${portFor('load', process.env)}`
    : given.replace(/\/+$/, '');
}
