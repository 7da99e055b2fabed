import type { Interval } from '@tracelab/model';

/** A ratio to three significant digits, since ours lie between 0.05 and 1. */
export function formatRatio(ratio: number): string {
  return ratio.toPrecision(ratio < 0.1 ? 2 : 3);
}

/** "0.143 [0.139..0.148]" */
export function formatInterval({ estimate, low, high }: Interval, format: (value: number) => string): string {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return `${format(estimate)} [no interval]`;
  return `${format(estimate)} [${format(low)}..${format(high)}]`;
}

/** "1/8 met", "1/8 not met", "1/8 unclear" where the interval holds the target; a dash where there is none. */
export function formatTarget(ratio: Interval, ratioMax: number | undefined): string {
  return ratioMax === undefined ? '-' : `1/${Math.round(1 / ratioMax)} ${verdict(ratio, ratioMax)}`;
}

export type Verdict = 'met' | 'not met' | 'unclear';

/** Only an interval that lies on one side of the target says something. */
export function verdict({ low, high }: Interval, max: number): Verdict {
  if (high <= max) return 'met';
  return low > max ? 'not met' : 'unclear';
}

/** "1,000,000" */
export function formatCount(count: number): string {
  return Math.round(count).toLocaleString('en-US');
}
