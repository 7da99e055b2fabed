import { SERVICE_COLOURS } from '../data/service-colour.ts';
import type { TraceIndex } from '../data/trace-index.ts';
import { createCanvasSurface } from './canvas-surface.ts';
import type { CanvasSurface } from './canvas-surface.ts';
import { listenForDrag } from './drag-range.ts';
import type { PixelRange } from './drag-range.ts';
import { paintLanes } from './minimap-lanes.ts';
import type { LaneRun } from './minimap-lanes.ts';
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
  const lanesOf = rememberLanes();
  const surface = createCanvasSurface(host, redraw);
  const unwatch = watchTheme(() => {
    palette = readPalette(host, SERVICE_COLOURS);
    redraw();
  });

  function redraw(): void {
    const context = shown === undefined ? undefined : surface.begin();
    if (context === undefined || shown === undefined) return;
    drawLanes(context, palette, lanesOf(shown.index, surface));
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
      // The cursor moves far more often than the window.
      const isSame =
        shown?.index === index &&
        shown.window.startNano === window.startNano &&
        shown.window.endNano === window.endNano;
      shown = { index, window };
      if (!isSame) redraw();
    },
    destroy: () => {
      unwatch();
      surface.destroy();
    },
  };
}

interface Lanes {
  runs: readonly LaneRun[];
  lanePx: number;
}

/** Folding 50,000 spans takes some milliseconds, and a zoom by dragging redraws at every move: the last result is kept. */
function rememberLanes(): (index: TraceIndex, size: CanvasSurface) => Lanes {
  let last: { index: TraceIndex; widthPx: number; heightPx: number; lanes: Lanes } | undefined;
  return (index, { widthPx, heightPx }) => {
    if (last?.index === index && last.widthPx === widthPx && last.heightPx === heightPx) return last.lanes;
    const roomPx = heightPx - 2 * MARGIN_PX;
    const laneMax = Math.floor(roomPx / LANE_PX.min);
    const spanCount = index.nodes.length;
    const lanePx = Math.min(LANE_PX.max, roomPx / Math.min(spanCount, laneMax));
    last = { index, widthPx, heightPx, lanes: { lanePx, runs: paintLanes(index, Math.floor(widthPx), laneMax) } };
    return last.lanes;
  };
}

function drawLanes(context: CanvasRenderingContext2D, palette: Palette, { runs, lanePx }: Lanes): void {
  const gapPx = lanePx > 2 ? 1 : 0;
  for (const run of runs) {
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
