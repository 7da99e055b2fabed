import { readInteger } from '../read.ts';
import type { Route } from '../route.ts';
import type { InjectionLog } from '../faults/injections.ts';

/** `GET /_lab/injections?after=N`: ground truth, read on from where the reader was. */
export function injectionRoutes(log: InjectionLog): Route[] {
  return [{ method: 'GET', path: '/_lab/injections', handle: ({ query }) => log.after(readAfter(query['after'])) }];
}

function readAfter(value: unknown): number {
  if (value === undefined) return 0;
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return readInteger(Number.isNaN(number) ? value : number, 'after', { min: 0, max: Number.MAX_SAFE_INTEGER });
}
