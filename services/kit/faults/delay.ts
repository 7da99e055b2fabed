import type { Delay } from '@tracelab/protocol';
import { assertNever } from '@tracelab/protocol';

/** No injected delay is longer, whatever was drawn: a fault must not hold a request for ever. */
export const DELAY_MS_MAX = 60_000;

/** The 99th percentile of the standard normal distribution. */
const NORMAL_P99 = 2.326_347_874_040_841;

/** Draws one delay in milliseconds, from 0 to DELAY_MS_MAX. `random` gives numbers from 0 to below 1. */
export function sampleDelayMs(delay: Delay, random: () => number): number {
  return Math.min(DELAY_MS_MAX, Math.max(0, draw(delay, random)));
}

function draw(delay: Delay, random: () => number): number {
  switch (delay.kind) {
    case 'fixed':
      return delay.ms;
    case 'uniform':
      return delay.minMs + (delay.maxMs - delay.minMs) * random();
    case 'normal':
      return delay.meanMs + delay.stdDevMs * drawNormal(random);
    case 'lognormal':
      return delay.medianMs * (delay.p99Ms / delay.medianMs) ** (drawNormal(random) / NORMAL_P99);
    default:
      return assertNever(delay);
  }
}

/** Box and Muller's transform; 1 - random() is never 0, so that the logarithm is finite. */
function drawNormal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
