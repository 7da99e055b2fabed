import { SERVICE_COLOURS } from '../data/service-colour.ts';
import type { TraceIndex } from '../data/trace-index.ts';
import { createCanvasSurface } from './canvas-surface.ts';
import type { CanvasSurface } from './canvas-surface.ts';
import { listenForDrag } from './drag-range.ts';
import type { PixelRange } from './drag-range.ts';
import { paintLanes } from './minimap-lanes.ts';
import { readPalette, watchTheme } from './palette.ts';
import type { Palette } from './palette.ts';
import { keepInside, nanoAt } from './time-scale.ts';
import type { TimeWindow } from './time-scale.ts';

/** The whole trace at a glance, with the zoomed part lit; dragging over it zooms. */
export interface Minimap {
  update: (index: TraceIndex, window: TimeWindow) => void;
  destroy: () => void;
}

/** Lanes of a small trace may be this high; a large one folds many spans into each lane. */
const LANE_PX = { min: 2, max: 5 };
const MARGIN_PX = 4;

export function createMinimap(host: HTMLElement, onWindow: (window: TimeWindow) => void): Minimap {
  let shown: { index: TraceIndex; window: TimeWindow } | undefined;
  let dragged: PixelRange | undefined;
  let palette = readPalette(host, SERVICE_COLOURS);
  const surface = createCanvasSurface(host, redraw);
  const unwatch = watchTheme(() => {
    palette = readPalette(host, SERVICE_COLOURS);
    redraw();
  });

  function redraw(): void {
    const context = shown === undefined ? undefined : surface.begin();
    if (context === undefined || shown === undefined) return;
    drawLanes(context, surface, palette, shown.index);
    const pxPerNano = surface.widthPx / Math.max(1, Number(shown.index.durationNano));
    shadeOutside(
      context,
      surface,
      palette,
      dragged ?? { fromPx: shown.window.startNano * pxPerNano, toPx: shown.window.endNano * pxPerNano },
    );
  }

  listenForDrag(host, {
    onDrag: (range) => {
      dragged = range;
      redraw();
    },
    onDone: ({ fromPx, toPx }) => {
      if (shown === undefined) return;
      const durationNano = Number(shown.index.durationNano);
      const whole = { startNano: 0, endNano: durationNano };
      onWindow(
        keepInside(
          { startNano: nanoAt(fromPx, whole, surface.widthPx), endNano: nanoAt(toPx, whole, surface.widthPx) },
          durationNano,
        ),
      );
    },
  });

  return {
    update: (index, window) => {
      shown = { index, window };
      redraw();
    },
    destroy: () => {
      unwatch();
      surface.destroy();
    },
  };
}

function drawLanes(context: CanvasRenderingContext2D, size: CanvasSurface, palette: Palette, index: TraceIndex): void {
  const roomPx = size.heightPx - 2 * MARGIN_PX;
  const laneMax = Math.floor(roomPx / LANE_PX.min);
  const lanePx = Math.min(LANE_PX.max, roomPx / Math.min(index.nodes.length, laneMax));
  const gapPx = lanePx > 2 ? 1 : 0;
  for (const run of paintLanes(index, Math.floor(size.widthPx), laneMax)) {
    context.fillStyle = run.isError ? palette.error : (palette.services[run.colour] ?? palette.ink);
    context.fillRect(run.x, MARGIN_PX + run.lane * lanePx, run.width, lanePx - gapPx);
  }
}

function shadeOutside(context: CanvasRenderingContext2D, size: CanvasSurface, palette: Palette, lit: PixelRange): void {
  if (lit.toPx - lit.fromPx >= size.widthPx - 1) return;
  context.fillStyle = palette.shade;
  context.fillRect(0, 0, lit.fromPx, size.heightPx);
  context.fillRect(lit.toPx, 0, size.widthPx - lit.toPx, size.heightPx);
  context.fillStyle = palette.accent;
  context.fillRect(lit.fromPx - 1, 0, 2, size.heightPx);
  context.fillRect(lit.toPx - 1, 0, 2, size.heightPx);
}
