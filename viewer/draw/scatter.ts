import { formatDuration } from '../data/duration.ts';
import { formatTimeOfDay } from '../data/instant.ts';
import { createCanvasSurface } from './canvas-surface.ts';
import { readPalette, watchTheme } from './palette.ts';
import type { Palette } from './palette.ts';
import { layOutScatter, nearestPoint } from './scatter-scale.ts';
import type { PlacedPoint, ScatterLayout, ScatterPoint } from './scatter-scale.ts';

/** Durations over time; a click opens the trace. The list below says the same in text, so the canvas is decoration to a screen reader. */
export interface Scatter {
  update: (points: readonly ScatterPoint[]) => void;
  destroy: () => void;
}

const MARGIN_PX = 14;
const MARGIN_LEFT_PX = 56;

export function createScatter(host: HTMLElement, onOpen: (traceId: string) => void): Scatter {
  let points: readonly ScatterPoint[] = [];
  let layout: ScatterLayout = { points: [], lines: [] };
  let hovered: PlacedPoint | undefined;
  let palette = readPalette(host, 0);
  const surface = createCanvasSurface(host, redraw);
  const unwatch = watchTheme(() => {
    palette = readPalette(host, 0);
    redraw();
  });

  function redraw(): void {
    const context = surface.begin();
    if (context === undefined) return;
    layout = layOutScatter(points, {
      widthPx: surface.widthPx,
      heightPx: surface.heightPx,
      marginPx: MARGIN_PX,
      marginLeftPx: MARGIN_LEFT_PX,
    });
    drawLines(context, palette, layout, surface.widthPx);
    for (const point of layout.points) drawPoint(context, palette, point, point.traceId === hovered?.traceId);
    if (hovered !== undefined) drawHint(context, palette, hovered, surface.widthPx);
  }

  function pointAt(event: MouseEvent): PlacedPoint | undefined {
    const box = host.getBoundingClientRect();
    return nearestPoint(layout.points, event.clientX - box.left, event.clientY - box.top);
  }

  const hover = (point: PlacedPoint | undefined): void => {
    if (point?.traceId === hovered?.traceId) return;
    hovered = point;
    host.style.cursor = point === undefined ? '' : 'pointer';
    redraw();
  };
  host.addEventListener('pointermove', (event) => hover(pointAt(event)));
  host.addEventListener('pointerleave', () => hover(undefined));
  host.addEventListener('click', (event) => {
    const point = pointAt(event);
    if (point !== undefined) onOpen(point.traceId);
  });

  return {
    update: (next) => {
      points = next;
      redraw();
      if (hovered === undefined) return;
      hovered = layout.points.find((point) => point.traceId === hovered?.traceId);
      redraw();
    },
    destroy: () => {
      unwatch();
      surface.destroy();
    },
  };
}

function drawLines(context: CanvasRenderingContext2D, palette: Palette, layout: ScatterLayout, widthPx: number): void {
  context.font = palette.font;
  context.textBaseline = 'bottom';
  for (const line of layout.lines) {
    context.fillStyle = palette.line;
    context.fillRect(0, Math.round(line.y), widthPx, 1);
    context.fillStyle = palette.inkQuiet;
    context.fillText(formatDuration(BigInt(line.durationNano)), 4, line.y - 1);
  }
}

/** Errors are diamonds as well as red: colour alone tells nothing to one reader in twelve. */
function drawPoint(context: CanvasRenderingContext2D, palette: Palette, point: PlacedPoint, isHovered: boolean): void {
  const radius = isHovered ? 5.5 : 3.5;
  context.beginPath();
  if (point.isError) {
    context.moveTo(point.x, point.y - radius - 1);
    context.lineTo(point.x + radius + 1, point.y);
    context.lineTo(point.x, point.y + radius + 1);
    context.lineTo(point.x - radius - 1, point.y);
    context.closePath();
  } else {
    context.arc(point.x, point.y, radius, 0, Math.PI * 2);
  }
  context.globalAlpha = isHovered ? 1 : 0.72;
  context.fillStyle = point.isError ? palette.error : palette.accent;
  context.fill();
  context.globalAlpha = 1;
}

function drawHint(context: CanvasRenderingContext2D, palette: Palette, point: PlacedPoint, widthPx: number): void {
  const text = `${formatDuration(BigInt(Math.round(point.durationNano)))} at ${formatTimeOfDay(BigInt(Math.round(point.startUnixMs)) * 1_000_000n)}`;
  const width = context.measureText(text).width + 14;
  const x = Math.max(2, Math.min(widthPx - width - 2, point.x + 10));
  const y = Math.max(2, point.y - 28);
  context.fillStyle = palette.ink;
  context.beginPath();
  context.roundRect(x, y, width, 20, 4);
  context.fill();
  context.fillStyle = palette.surface;
  context.textBaseline = 'middle';
  context.fillText(text, x + 7, y + 10.5);
}
