import { mean, studentQuantile95 } from '@tracelab/model';
import type { Interval } from '@tracelab/model';

/**
 * The slope of y over x by least squares with Student's 95 % interval. Throws a RangeError for fewer than three points,
 * which leave nothing to judge the noise by.
 */
export function slopeOf(points: readonly { x: number; y: number }[]): Interval {
  if (points.length < 3) throw new RangeError(`a slope needs at least three points: there were ${points.length}`);
  const centerX = mean(points.map(({ x }) => x));
  const centerY = mean(points.map(({ y }) => y));
  const spread = sum(points.map(({ x }) => (x - centerX) ** 2));
  const estimate = sum(points.map(({ x, y }) => (x - centerX) * (y - centerY))) / spread;
  const rest = sum(points.map(({ x, y }) => (y - centerY - estimate * (x - centerX)) ** 2));
  const degrees = points.length - 2;
  const reach = studentQuantile95(degrees) * Math.sqrt(rest / degrees / spread);
  return { estimate, low: estimate - reach, high: estimate + reach };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
