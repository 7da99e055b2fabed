import type { Interval } from '@tracelab/model';

export function isBounded(interval: Interval): boolean {
  return Number.isFinite(interval.low) && Number.isFinite(interval.high);
}

export function excludesZero(interval: Interval): boolean {
  return interval.low > 0 || interval.high < 0;
}

export function width(interval: Interval): number {
  return interval.high - interval.low;
}

/** The largest size that the interval holds, to either side. */
export function reachFromZero(interval: Interval): number {
  return Math.max(Math.abs(interval.low), Math.abs(interval.high));
}
