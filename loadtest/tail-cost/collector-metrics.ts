/** Traces by how long after they were due they were decided. */
export interface LagHistogram {
  /** Upper bounds of the buckets, ascending. */
  boundsS: number[];
  /** In each bucket alone; one more than there are bounds, for those above the last. */
  counts: number[];
}

const LAG = 'collector_decision_lag_seconds';
/** What should not happen under a load of whole traces within their window, and where the collector counts it. */
const STRAYS = {
  'late spans': 'collector_late_spans_total',
  'duplicate spans': 'collector_spans_total{state="droppedDuplicate"}',
  'dropped spans': 'collector_spans_total{state="droppedOverflow"}',
  'traces decided early': 'collector_decided_traces_total{trigger="early"}',
} as const;
export const STRAY_NAMES = Object.keys(STRAYS) as (keyof typeof STRAYS)[];
export type Strays = Partial<Record<keyof typeof STRAYS, number>>;

/** The histogram of decision lags in the collector's OpenMetrics; undefined where it publishes none. */
export function readDecisionLag(metrics: string): LagHistogram | undefined {
  const totals = [...metrics.matchAll(new RegExp(`^${LAG}_bucket\\{le="([^"]+)"\\} (\\S+)$`, 'gm'))].map(
    ([, bound, total]) => ({ boundS: Number(bound), total: Number(total) }),
  );
  if (totals.length === 0) return undefined;
  const counts = totals.map(({ total }, index) => total - (totals[index - 1]?.total ?? 0));
  // "+Inf" is no number: what it holds beyond the others is the last count.
  return { boundsS: totals.map(({ boundS }) => boundS).filter(Number.isFinite), counts };
}

/** What was added between two readings of the same collector. */
export function lagBetween(before: LagHistogram, after: LagHistogram): LagHistogram {
  return { ...after, counts: after.counts.map((count, index) => count - (before.counts[index] ?? 0)) };
}

export function addLags(lags: readonly LagHistogram[]): LagHistogram | undefined {
  const [first, ...others] = lags;
  if (first === undefined) return undefined;
  return others.reduce(
    (sum, { counts }) => ({ ...sum, counts: sum.counts.map((count, index) => count + (counts[index] ?? 0)) }),
    first,
  );
}

/** The upper bound of the bucket in which this share of the traces is reached, in seconds; Infinity above the last, undefined for none. */
export function lagQuantileS({ boundsS, counts }: LagHistogram, share: number): number | undefined {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return undefined;
  let reached = 0;
  const bucket = counts.findIndex((count) => (reached += count) >= share * total);
  return boundsS[bucket] ?? Infinity;
}

/** Only what the collector counts. */
export function readStrays(metrics: string): Strays {
  const counted = STRAY_NAMES.map((name) => [name, valueOf(metrics, STRAYS[name])] as const);
  return Object.fromEntries(counted.filter(([, value]) => value !== undefined));
}

export function addStrays(one: Strays, other: Strays, sign: 1 | -1 = 1): Strays {
  const sum = STRAY_NAMES.map((name) => [name, (one[name] ?? 0) + sign * (other[name] ?? 0)] as const);
  return Object.fromEntries(sum.filter(([, value]) => value !== 0));
}

function valueOf(metrics: string, series: string): number | undefined {
  const line = metrics.split('\n').find((text) => text.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}
