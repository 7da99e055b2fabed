import { mean } from './summary.ts';

/** By how much y grows for each unit of x: least squares; NaN for less than two different x. */
export function slope(points: readonly { x: number; y: number }[]): number {
  const [centerX, centerY] = [mean(points.map(({ x }) => x)), mean(points.map(({ y }) => y))];
  let [covariance, variance] = [0, 0];
  for (const { x, y } of points) {
    covariance += (x - centerX) * (y - centerY);
    variance += (x - centerX) ** 2;
  }
  return covariance / variance;
}
