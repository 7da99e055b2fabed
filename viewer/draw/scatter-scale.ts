/** One trace on the scatter: start in milliseconds since the epoch, duration in nanoseconds. */
export interface ScatterPoint {
  traceId: string;
  startUnixMs: number;
  durationNano: number;
  isError: boolean;
}

export interface PlacedPoint extends ScatterPoint {
  x: number;
  y: number;
}

export interface ScatterArea {
  widthPx: number;
  heightPx: number;
  marginPx: number;
  /** Room for the names of the lines. */
  marginLeftPx: number;
}

/** Powers of ten in nanoseconds that lie within the durations shown: the lines behind the points. */
interface ScatterLine {
  durationNano: number;
  y: number;
}

export interface ScatterLayout {
  points: PlacedPoint[];
  lines: ScatterLine[];
}

/** Time runs to the right, duration upwards on a logarithmic scale: latencies differ by powers, not by sums. */
export function layOutScatter(points: readonly ScatterPoint[], area: ScatterArea): ScatterLayout {
  if (points.length === 0) return { points: [], lines: [] };
  const starts = points.map((point) => point.startUnixMs);
  const logs = points.map((point) => Math.log10(Math.max(1, point.durationNano)));
  const xOf = scaleTo(Math.min(...starts), Math.max(...starts), area.marginLeftPx, area.widthPx - area.marginPx);
  const low = Math.min(...logs) - 0.1;
  const high = Math.max(...logs) + 0.1;
  const yOf = scaleTo(low, high, area.heightPx - area.marginPx, area.marginPx);
  const lines: ScatterLine[] = [];
  for (let power = Math.ceil(low); power <= high; power++) lines.push({ durationNano: 10 ** power, y: yOf(power) });
  return { points: points.map((point, at) => ({ ...point, x: xOf(point.startUnixMs), y: yOf(logs[at] ?? 0) })), lines };
}

/** A linear scale; where everything has one value, that value lies in the middle. */
function scaleTo(low: number, high: number, from: number, to: number): (value: number) => number {
  if (high <= low) return () => (from + to) / 2;
  return (value) => from + ((value - low) / (high - low)) * (to - from);
}

/** The point under the pointer, the nearest where they crowd; undefined where none is near. */
export function nearestPoint(points: readonly PlacedPoint[], x: number, y: number): PlacedPoint | undefined {
  let nearest: PlacedPoint | undefined;
  let best = 12 ** 2;
  for (const point of points) {
    const distance = (point.x - x) ** 2 + (point.y - y) ** 2;
    if (distance > best) continue;
    best = distance;
    nearest = point;
  }
  return nearest;
}
