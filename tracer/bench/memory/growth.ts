import { median, NORMAL_QUANTILE_95 } from '@tracelab/model';
import type { Interval } from '@tracelab/model';

/**
 * The slope of y over x: the median of the slopes between all pairs of points (Theil), with Sen's 95 % interval, which are
 * two of those slopes. Memory moves in steps (a compiled function thrown away, a table doubled), which least squares would
 * take for growth or hide it behind. Throws a RangeError for fewer than five points, too few for an interval.
 */
export function slopeOf(points: readonly { x: number; y: number }[]): Interval {
  const count = points.length;
  if (count < 5) throw new RangeError(`a slope needs at least five points: there were ${count}`);
  const slopes = points
    .flatMap((from, index) => points.slice(index + 1).map((to) => (to.y - from.y) / (to.x - from.x)))
    .sort((one, other) => one - other);
  // Of Kendall's statistic for points without a trend.
  const deviation = Math.sqrt((count * (count - 1) * (2 * count + 5)) / 18);
  const reach = NORMAL_QUANTILE_95 * deviation;
  const low = slopes[Math.max(0, Math.floor((slopes.length - reach) / 2))];
  const high = slopes[Math.min(slopes.length - 1, Math.ceil((slopes.length + reach) / 2))];
  return { estimate: median(slopes), low: low ?? Number.NaN, high: high ?? Number.NaN };
}
