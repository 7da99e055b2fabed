import uPlot from 'uplot';
import { FONT, readPalette, type Palette } from './palette.ts';

/** Of charts whose height does not depend on what they show. */
export const CHART_HEIGHT = 290;

/** A chart in a box of the page, drawn by our own marks on uPlot's scales and axes. */
export interface Frame {
  host: HTMLElement;
  height: number;
  scales: uPlot.Scales;
  axes: uPlot.Axis[];
  data: uPlot.AlignedData;
  draw: (chart: uPlot, palette: Palette) => void;
  /** What the pointer reads at a position of the data. */
  tipAt: (index: number) => string | undefined;
}

let palette: Palette | undefined;
const redraws: (() => void)[] = [];

/** The colours in force, read once for all charts. */
export function currentPalette(): Palette {
  palette ??= readPalette();
  return palette;
}

/** After the theme has changed. */
export function repaint(): void {
  palette = undefined;
  for (const redraw of redraws) redraw();
}

export function mountChart(frame: Frame): void {
  const tip = document.createElement('div');
  tip.className = 'tip';
  tip.hidden = true;
  const seriesCount = frame.data.length - 1;
  const chart = new uPlot(
    {
      width: frame.host.clientWidth,
      height: frame.height,
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, points: { show: false }, x: false, y: false },
      scales: frame.scales,
      axes: frame.axes,
      series: [{}, ...Array.from({ length: seriesCount }, () => ({ paths: () => null, points: { show: false } }))],
      hooks: {
        draw: [
          (drawn) => {
            const { ctx, bbox } = drawn;
            ctx.save();
            ctx.beginPath();
            ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
            ctx.clip();
            frame.draw(drawn, currentPalette());
            ctx.restore();
          },
        ],
        setCursor: [(drawn) => showTip(drawn, tip, frame.tipAt)],
      },
    },
    frame.data,
    frame.host,
  );
  chart.over.append(tip);
  new ResizeObserver(() => {
    const width = frame.host.clientWidth;
    if (width > 0 && width !== chart.width) chart.setSize({ width, height: frame.height });
  }).observe(frame.host);
  redraws.push(() => chart.redraw(false, true));
}

function showTip(chart: uPlot, tip: HTMLElement, tipAt: (index: number) => string | undefined): void {
  const { idx, left = -1, top = -1 } = chart.cursor;
  const text = idx === null || idx === undefined || left < 0 ? undefined : tipAt(idx);
  tip.hidden = text === undefined;
  if (text === undefined) return;
  tip.textContent = text;
  const { clientWidth, clientHeight } = chart.over;
  tip.style.left = `${Math.max(0, Math.min(left + 12, clientWidth - tip.offsetWidth))}px`;
  tip.style.top = `${Math.max(0, Math.min(top + 14, clientHeight - tip.offsetHeight))}px`;
}

/** An axis of figures, or of names where `names` is given: one for each whole position. */
export function axisOf(options: {
  side: 1 | 2 | 3;
  scale: string;
  size: number;
  label?: string;
  names?: readonly string[];
}): uPlot.Axis {
  const { names, side, scale, size, label } = options;
  const places = names?.map((_, index) => index);
  return {
    side,
    scale,
    size,
    font: FONT,
    gap: 6,
    space: side === 2 ? 52 : 36,
    stroke: () => (names === undefined || side === 1 ? currentPalette().inkQuiet : currentPalette().ink),
    ticks: { show: false },
    grid: { show: names === undefined, width: 1, stroke: () => currentPalette().line },
    ...(label === undefined ? {} : { label, labelFont: FONT, labelSize: 20, labelGap: 2 }),
    ...(places === undefined || names === undefined
      ? { values: (_, splits) => splits.map(tick) }
      : { splits: () => places, values: () => [...names] }),
  };
}

/** "+12.5", "-3.0", "+328": as the tables have it. */
export function figure(value: number): string {
  const text = value.toFixed(Math.abs(value) < 99.95 ? 1 : 0);
  return Number(text) > 0 ? `+${text}` : text.replace(/^-(0\.0)$/, '$1');
}

/** The same without digits that an axis does not need. */
function tick(value: number): string {
  return figure(value).replace(/\.0$/, '');
}

const NAMES_WIDTH_SHARE = 0.42;

/** Names that leave most of the width to the chart, the longer ones cut, and the room that they take in CSS pixels. */
export function fitNames(names: readonly string[], width: number): { names: string[]; size: number } {
  const context = document.createElement('canvas').getContext('2d');
  if (context === null) return { names: [...names], size: 0 };
  context.font = FONT;
  const widthOf = (text: string): number => context.measureText(text).width;
  const cut = names.map((name) => {
    let [text, length] = [name, name.length];
    while (length > 1 && widthOf(text) > width * NAMES_WIDTH_SHARE) text = `${name.slice(0, --length)}…`;
    return text;
  });
  return { names: cut, size: Math.ceil(Math.max(0, ...cut.map(widthOf))) + 14 };
}

/** A little room around all values, zero among them. */
export function rangeAround(values: readonly number[]): [number, number] {
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  const room = (high - low || 1) * 0.06;
  return [low - room, high + room];
}
