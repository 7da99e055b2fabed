import { formatDuration } from '../data/duration.ts';
import type { Palette } from './palette.ts';
import { chooseLabelSide, chooseTicks, placeBar } from './time-scale.ts';
import type { BarSpan } from './time-scale.ts';
import { ROW_HEIGHT_PX } from './virtual-window.ts';
import type { RowWindow } from './virtual-window.ts';
import type { BarRectangle, WaterfallView } from './waterfall-view.ts';

const BAR_HEIGHT_PX = 14;
const BAR_TOP_PX = (ROW_HEIGHT_PX - BAR_HEIGHT_PX) / 2;
export const TICK_GAP_PX = 110;

export interface BarsFrame {
  context: CanvasRenderingContext2D;
  palette: Palette;
  view: WaterfallView;
  rowWindow: RowWindow;
  widthPx: number;
  heightPx: number;
}

/** Draws the bars of the rows in view and says where each one lies. Cost depends on the screen, not on the trace. */
export function drawBars(frame: BarsFrame): Map<string, BarRectangle> {
  drawGrid(frame);
  const { context, view, rowWindow } = frame;
  context.font = frame.palette.font;
  context.textBaseline = 'middle';
  const rectangles = new Map<string, BarRectangle>();
  for (let row = rowWindow.first; row < rowWindow.end; row++) {
    const position = view.rows[row] ?? 0;
    const top = row * ROW_HEIGHT_PX + rowWindow.offsetPx;
    const bar = placeBar(
      view.index.startOffsets[position] ?? 0,
      view.index.endOffsets[position] ?? 0,
      view.window,
      frame.widthPx,
    );
    if (bar === undefined) {
      drawOutsideMark(frame, position, top);
      continue;
    }
    drawBar(frame, position, bar, top);
    rectangles.set(view.index.nodes[position]?.span.spanId ?? '', {
      x: bar.x,
      y: top + BAR_TOP_PX,
      width: bar.width,
      height: BAR_HEIGHT_PX,
    });
  }
  return rectangles;
}

function drawGrid({ context, palette, view, widthPx, heightPx }: BarsFrame): void {
  const pxPerNano = widthPx / (view.window.endNano - view.window.startNano);
  context.fillStyle = palette.line;
  for (const tick of chooseTicks(view.window, widthPx, TICK_GAP_PX)) {
    context.fillRect(Math.round((tick - view.window.startNano) * pxPerNano), 0, 1, heightPx);
  }
}

function drawBar(frame: BarsFrame, position: number, bar: BarSpan, top: number): void {
  const { context, palette, view } = frame;
  const colour = view.index.colours[position] ?? 0;
  const isError = view.index.isError[position] === 1;
  context.fillStyle = palette.services[colour] ?? palette.ink;
  context.beginPath();
  context.roundRect(bar.x, top + BAR_TOP_PX, bar.width, BAR_HEIGHT_PX, Math.min(3, bar.width / 2));
  context.fill();
  if (isError) {
    context.fillStyle = palette.error;
    context.fillRect(bar.x, top + BAR_TOP_PX + BAR_HEIGHT_PX, bar.width, 2);
  }
  drawEventDots(frame, position, top);
  drawLabel(frame, position, bar, top);
}

/** A dot on the bar for each thing that happened within the span: bounded, since a span may hold thousands of events. */
function drawEventDots({ context, palette, view, widthPx }: BarsFrame, position: number, top: number): void {
  const events = view.index.nodes[position]?.span.events ?? [];
  for (const event of events.slice(0, 64)) {
    const offset = Number(event.timeUnixNano - view.index.tree.startTimeUnixNano);
    const place = placeBar(offset, offset, view.window, widthPx);
    if (place === undefined) continue;
    context.beginPath();
    context.arc(place.x, top + ROW_HEIGHT_PX / 2, 2.5, 0, Math.PI * 2);
    context.fillStyle = palette.surface;
    context.fill();
    context.lineWidth = 1;
    context.strokeStyle = palette.ink;
    context.stroke();
  }
}

function drawLabel(frame: BarsFrame, position: number, bar: BarSpan, top: number): void {
  const { context, palette, view, widthPx } = frame;
  const span = view.index.nodes[position]?.span;
  if (span === undefined) return;
  const isError = view.index.isError[position] === 1;
  const text = `${isError ? '▲ ' : ''}${formatDuration(span.endTimeUnixNano - span.startTimeUnixNano)}`;
  const textWidth = context.measureText(text).width;
  const side = chooseLabelSide(bar, widthPx, textWidth);
  const middle = top + ROW_HEIGHT_PX / 2 + 1;
  if (side === 'inside') {
    context.fillStyle = palette.serviceInks[view.index.colours[position] ?? 0] ?? palette.ink;
    context.fillText(text, Math.max(0, bar.x) + 7, middle);
    return;
  }
  context.fillStyle = isError ? palette.error : palette.inkQuiet;
  context.fillText(text, side === 'right' ? bar.x + bar.width + 7 : bar.x - textWidth - 7, middle);
}

/** A span out of the zoomed window leaves an arrow at the edge behind which it lies. */
function drawOutsideMark({ context, palette, view, widthPx }: BarsFrame, position: number, top: number): void {
  const isBefore = (view.index.endOffsets[position] ?? 0) < view.window.startNano;
  context.fillStyle = palette.inkQuiet;
  context.textAlign = isBefore ? 'left' : 'right';
  context.fillText(isBefore ? '‹' : '›', isBefore ? 4 : widthPx - 4, top + ROW_HEIGHT_PX / 2);
  context.textAlign = 'left';
}
