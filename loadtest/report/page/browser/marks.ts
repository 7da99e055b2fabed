import type uPlot from 'uplot';
import type { Palette } from './palette.ts';

/** Canvas pixels for one CSS pixel. */
export function pixel(): number {
  return devicePixelRatio;
}

export interface Spot {
  x: number;
  y: number;
}

/** Filled where it says something, hollow where it could be nothing. */
export function drawDot(chart: uPlot, at: Spot, style: { colour: string; radius: number; hollowOn?: string }): void {
  const { ctx } = chart;
  ctx.beginPath();
  ctx.arc(at.x, at.y, style.radius * pixel(), 0, 2 * Math.PI);
  ctx.fillStyle = style.hollowOn ?? style.colour;
  ctx.fill();
  if (style.hollowOn === undefined) return;
  ctx.lineWidth = 2 * pixel();
  ctx.strokeStyle = style.colour;
  ctx.stroke();
}

export function drawLine(
  chart: uPlot,
  spots: readonly Spot[],
  style: { colour: string; width: number; dash?: number[] },
): void {
  const { ctx } = chart;
  ctx.beginPath();
  spots.forEach(({ x, y }, index) => {
    if (index === 0) ctx.moveTo(x, y);
    else ctx.lineTo(x, y);
  });
  ctx.lineWidth = style.width * pixel();
  ctx.strokeStyle = style.colour;
  ctx.setLineDash((style.dash ?? []).map((length) => length * pixel()));
  ctx.stroke();
  ctx.setLineDash([]);
}

/** An interval with short strokes at its ends. */
export function drawWhisker(chart: uPlot, [from, to]: readonly [Spot, Spot], colour: string): void {
  const style = { colour, width: 2 };
  const end = 4 * pixel();
  const isLevel = from.y === to.y;
  drawLine(chart, [from, to], style);
  for (const { x, y } of [from, to])
    drawLine(
      chart,
      isLevel
        ? [
            { x, y: y - end },
            { x, y: y + end },
          ]
        : [
            { x: x - end, y },
            { x: x + end, y },
          ],
      style,
    );
}

/** The whole width or height of the chart between two values of a scale. */
export function drawBand(
  chart: uPlot,
  band: { scale: 'x' | 'y'; from: number; to: number; isUpright: boolean },
  colour: string,
): void {
  const { ctx, bbox } = chart;
  const [from, to] = [chart.valToPos(band.from, band.scale, true), chart.valToPos(band.to, band.scale, true)];
  ctx.fillStyle = colour;
  if (band.isUpright) ctx.fillRect(Math.min(from, to), bbox.top, Math.abs(to - from), bbox.height);
  else ctx.fillRect(bbox.left, Math.min(from, to), bbox.width, Math.abs(to - from));
}

/** Where nothing is added, and around it what two equal sets differ by. */
export function drawZero(chart: uPlot, palette: Palette, zero: { noiseUs: number | null; isUpright: boolean }): void {
  const { bbox } = chart;
  const { noiseUs, isUpright } = zero;
  if (noiseUs !== null) drawBand(chart, { scale: 'y', from: -noiseUs, to: noiseUs, isUpright }, palette.noise);
  const at = chart.valToPos(0, 'y', true);
  const ends = isUpright
    ? [
        { x: at, y: bbox.top },
        { x: at, y: bbox.top + bbox.height },
      ]
    : [
        { x: bbox.left, y: at },
        { x: bbox.left + bbox.width, y: at },
      ];
  drawLine(chart, ends, { colour: palette.lineStrong, width: 1 });
}
