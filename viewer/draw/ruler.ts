import { formatDuration } from '../data/duration.ts';
import { TICK_GAP_PX } from './bars.ts';
import { createCanvasSurface } from './canvas-surface.ts';
import type { CanvasSurface } from './canvas-surface.ts';
import { listenForDrag } from './drag-range.ts';
import type { PixelRange } from './drag-range.ts';
import type { Palette } from './palette.ts';
import { chooseTicks, nanoAt } from './time-scale.ts';
import type { TimeWindow } from './time-scale.ts';

/** The time axis above the bars; dragging along it zooms into what was dragged over. */
export interface Ruler {
  draw: (palette: Palette, window: TimeWindow) => void;
  destroy: () => void;
}

export function createRuler(host: HTMLElement, onWindow: (window: TimeWindow) => void): Ruler {
  let shown: { palette: Palette; window: TimeWindow } | undefined;
  let dragged: PixelRange | undefined;
  const surface = createCanvasSurface(host, redraw);

  function redraw(): void {
    const context = shown === undefined ? undefined : surface.begin();
    if (context === undefined || shown === undefined) return;
    drawTicks(context, shown.palette, shown.window, surface);
    if (dragged === undefined) return;
    context.fillStyle = shown.palette.accentWash;
    context.fillRect(dragged.fromPx, 0, dragged.toPx - dragged.fromPx, surface.heightPx);
  }

  listenForDrag(host, {
    onDrag: (range) => {
      dragged = range;
      redraw();
    },
    onDone: ({ fromPx, toPx }) => {
      if (shown === undefined) return;
      onWindow({
        startNano: nanoAt(fromPx, shown.window, surface.widthPx),
        endNano: nanoAt(toPx, shown.window, surface.widthPx),
      });
    },
  });

  return {
    draw: (palette, window) => {
      shown = { palette, window };
      redraw();
    },
    destroy: surface.destroy,
  };
}

function drawTicks(context: CanvasRenderingContext2D, palette: Palette, window: TimeWindow, size: CanvasSurface): void {
  const pxPerNano = size.widthPx / (window.endNano - window.startNano);
  context.font = palette.font;
  context.textBaseline = 'middle';
  for (const tick of chooseTicks(window, size.widthPx, TICK_GAP_PX)) {
    const x = Math.round((tick - window.startNano) * pxPerNano);
    context.fillStyle = palette.lineStrong;
    context.fillRect(x, size.heightPx - 6, 1, 6);
    const text = tick === 0 ? '0' : formatDuration(BigInt(Math.round(tick)));
    if (x + context.measureText(text).width + 6 > size.widthPx) continue;
    context.fillStyle = palette.inkQuiet;
    context.fillText(text, x + 5, size.heightPx / 2);
  }
}
