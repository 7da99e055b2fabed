/** Nanoseconds after the start of the trace; a double, since drawing needs no more than 53 bits. */
export interface TimeWindow {
  startNano: number;
  endNano: number;
}

/** Deeper than this nothing is left to see: one nanosecond is the finest a span can tell. */
const WINDOW_NANO_MIN = 10;
/** Spans too short to see still get a bar that can be seen and clicked. */
export const BAR_WIDTH_PX_MIN = 2;

export interface BarSpan {
  x: number;
  width: number;
}

/** Where a span lies on a track; undefined where it lies outside of the window. */
export function placeBar(
  startNano: number,
  endNano: number,
  window: TimeWindow,
  trackWidthPx: number,
): BarSpan | undefined {
  const pxPerNano = trackWidthPx / (window.endNano - window.startNano);
  const left = (startNano - window.startNano) * pxPerNano;
  const right = (endNano - window.startNano) * pxPerNano;
  if (right < 0 || left > trackWidthPx) return undefined;
  // The part off screen is cut: canvases lose precision, and then pixels, far outside.
  const x = Math.min(Math.max(left, -4), trackWidthPx - BAR_WIDTH_PX_MIN);
  return { x, width: Math.max(BAR_WIDTH_PX_MIN, Math.min(right, trackWidthPx + 4) - x) };
}

export type LabelSide = 'inside' | 'left' | 'right';

/** Inside a bar that takes over 24 % of the track, else on the side where there is room. */
export function chooseLabelSide(bar: BarSpan, trackWidthPx: number, labelWidthPx: number): LabelSide {
  const visibleLeft = Math.max(0, bar.x);
  const visibleWidth = Math.min(trackWidthPx, bar.x + bar.width) - visibleLeft;
  if (visibleWidth > trackWidthPx * 0.24 && visibleWidth > labelWidthPx + 12) return 'inside';
  const startsLate = visibleLeft > trackWidthPx / 2;
  if (!startsLate && visibleLeft + visibleWidth + labelWidthPx + 12 <= trackWidthPx) return 'right';
  if (visibleLeft >= labelWidthPx + 8) return 'left';
  return 'inside';
}

/** Round distances between ticks: 1, 2 or 5 times a power of ten nanoseconds, at least `gapPxMin` apart. */
export function chooseTicks(window: TimeWindow, trackWidthPx: number, gapPxMin: number): number[] {
  const spanNano = window.endNano - window.startNano;
  const rough = (spanNano * gapPxMin) / Math.max(1, trackWidthPx);
  const power = 10 ** Math.floor(Math.log10(Math.max(rough, 1)));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough) ?? 10 * power;
  const ticks: number[] = [];
  for (let tick = Math.ceil(window.startNano / step) * step; tick <= window.endNano; tick += step) ticks.push(tick);
  return ticks;
}

export function nanoAt(x: number, window: TimeWindow, trackWidthPx: number): number {
  return window.startNano + (x / Math.max(1, trackWidthPx)) * (window.endNano - window.startNano);
}

/** Shrinks (factor below 1) or widens the window around a point that stays where it is, inside the trace. */
export function zoomAround(window: TimeWindow, centreNano: number, factor: number, durationNano: number): TimeWindow {
  const width = Math.min(durationNano, Math.max(WINDOW_NANO_MIN, (window.endNano - window.startNano) * factor));
  const share = (centreNano - window.startNano) / (window.endNano - window.startNano);
  return keepInside({ startNano: centreNano - share * width, endNano: centreNano + (1 - share) * width }, durationNano);
}

export function panBy(window: TimeWindow, nano: number, durationNano: number): TimeWindow {
  return keepInside({ startNano: window.startNano + nano, endNano: window.endNano + nano }, durationNano);
}

/** Moves the window into [0, duration] and onto whole nanoseconds, since the address holds whole ones. */
export function keepInside(window: TimeWindow, durationNano: number): TimeWindow {
  const width = Math.min(Math.max(durationNano, 1), Math.max(1, Math.round(window.endNano - window.startNano)));
  const startNano = Math.round(Math.min(Math.max(0, window.startNano), Math.max(durationNano, 1) - width));
  return { startNano, endNano: startNano + width };
}
