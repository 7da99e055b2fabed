import type { TraceIndex } from '../data/trace-index.ts';

/** A run of pixels of one colour in one lane of the minimap. */
export interface LaneRun {
  lane: number;
  x: number;
  width: number;
  colour: number;
  isError: boolean;
}

/** Above the palette's slots, so that an error wins over every service where spans share a pixel. */
const ERROR_PIXEL = 255;

/**
 * Folds all spans, in tree order, into as many lanes as there is room for. 50,000 rectangles would take 100 to 300 ms
 * to draw; painted into bytes first and read back as runs they are at most a few thousand.
 */
export function paintLanes(index: TraceIndex, widthPx: number, laneMax: number): LaneRun[] {
  const spanCount = index.nodes.length;
  if (widthPx < 1 || laneMax < 1 || spanCount === 0) return [];
  const laneCount = Math.min(spanCount, laneMax);
  const pixels = new Uint8Array(widthPx * laneCount);
  const pxPerNano = widthPx / Math.max(1, Number(index.durationNano));
  for (let position = 0; position < spanCount; position++) {
    const lane = Math.floor((position * laneCount) / spanCount);
    const from = Math.max(0, Math.min(widthPx - 1, Math.floor((index.startOffsets[position] ?? 0) * pxPerNano)));
    const to = Math.max(from + 1, Math.min(widthPx, Math.ceil((index.endOffsets[position] ?? 0) * pxPerNano)));
    const paint = index.isError[position] === 1 ? ERROR_PIXEL : (index.colours[position] ?? 0) + 1;
    fillPixels(pixels, { from: lane * widthPx + from, to: lane * widthPx + to, paint });
  }
  return readRuns(pixels, widthPx, laneCount);
}

function fillPixels(pixels: Uint8Array, run: { from: number; to: number; paint: number }): void {
  for (let at = run.from; at < run.to; at++) {
    if (pixels[at] !== ERROR_PIXEL) pixels[at] = run.paint;
  }
}

function readRuns(pixels: Uint8Array, widthPx: number, laneCount: number): LaneRun[] {
  const runs: LaneRun[] = [];
  for (let lane = 0; lane < laneCount; lane++) {
    for (let x = 0; x < widthPx;) {
      const paint = pixels[lane * widthPx + x] ?? 0;
      const from = x;
      while (x < widthPx && pixels[lane * widthPx + x] === paint) x++;
      if (paint !== 0) runs.push({ lane, x: from, width: x - from, colour: paint - 1, isError: paint === ERROR_PIXEL });
    }
  }
  return runs;
}
