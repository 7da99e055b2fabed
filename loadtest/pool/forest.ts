import type { Interval } from '@tracelab/model';

const WIDTH = 44;

/** A forest plot in characters, one line for each interval, the last of them the pooled one: `│    ├──■───┤`. */
export function drawForest(intervals: readonly Interval[]): string[] {
  const low = Math.min(0, ...intervals.map((interval) => interval.low));
  const high = Math.max(0, ...intervals.map((interval) => interval.high));
  const columnOf = (value: number): number => Math.round(((value - low) / (high - low || 1)) * (WIDTH - 1));
  return intervals.map((interval, index) => {
    const cells = Array.from({ length: WIDTH }, () => ' ');
    cells[columnOf(0)] = '│';
    const [from, to] = [columnOf(interval.low), columnOf(interval.high)];
    cells.fill('─', from, to + 1);
    cells[from] = '├';
    cells[to] = '┤';
    cells[columnOf(interval.estimate)] = index === intervals.length - 1 ? '◆' : '■';
    return cells.join('').trimEnd();
  });
}
