import type uPlot from 'uplot';
import type { IntervalMark, RestartStrip } from '../chart-data.ts';
import { axisOf, CHART_HEIGHT, figure, fitNames, mountChart, rangeAround } from './frame.ts';
import { drawDot, drawLine, drawWhisker, drawZero, pixel } from './marks.ts';
import type { Palette } from './palette.ts';

const ROW_HEIGHT = 30;
const NARROW_PX = 560;

interface Rows {
  host: HTMLElement;
  names: readonly string[];
  /** Beside each row on the right, where there is room. */
  figures?: readonly string[];
  range: [number, number];
  axisLabel: string;
  /** @default what the rows need */
  heightMin?: number;
  draw: (chart: uPlot, palette: Palette) => void;
  tipAt: (index: number) => string | undefined;
}

/** Names down the left, microseconds along the bottom: long names stay readable on a phone. */
function mountRows({ host, names, figures, range, axisLabel, heightMin = 0, draw, tipAt }: Rows): void {
  const places = names.map((_, index) => index);
  const rows = (side: 1 | 3, labels: readonly string[]): uPlot.Axis =>
    axisOf({ side, scale: 'x', ...fitNames(labels, host.clientWidth) });
  mountChart({
    host,
    height: Math.max(heightMin, names.length * ROW_HEIGHT + 52),
    scales: {
      x: { time: false, ori: 1, dir: -1, range: [-0.5, names.length - 0.5] },
      y: { ori: 0, dir: 1, range },
    },
    axes: [
      rows(3, names),
      axisOf({ side: 2, scale: 'y', size: 30, label: axisLabel }),
      ...(figures === undefined || host.clientWidth < NARROW_PX ? [] : [rows(1, figures)]),
    ],
    data: [places, places],
    draw,
    tipAt,
  });
}

/** Added microseconds with 95 % intervals; the shaded band is what two equal sets differ by. */
export function mountIntervals(host: HTMLElement, marks: readonly IntervalMark[], noiseUs: number | null): void {
  mountMarks(host, marks, { noiseUs, unit: 'µs', axisLabel: 'added µs of CPU a request' });
}

/** Machines below each other, what they say together last. */
export function mountForest(host: HTMLElement, marks: readonly IntervalMark[]): void {
  mountMarks(host, marks, { noiseUs: null, unit: '%', axisLabel: 'added % of CPU a request' });
}

function mountMarks(
  host: HTMLElement,
  marks: readonly IntervalMark[],
  { noiseUs, unit, axisLabel }: { noiseUs: number | null; unit: string; axisLabel: string },
): void {
  const bounds = marks.flatMap(({ estimate, low, high, truth, outer }) => [
    estimate,
    low ?? 0,
    high ?? 0,
    truth ?? 0,
    outer?.low ?? 0,
    outer?.high ?? 0,
  ]);
  mountRows({
    host,
    names: marks.map(({ name }) => name),
    figures: marks.map(figureOf),
    range: rangeAround([...bounds, noiseUs ?? 0, -(noiseUs ?? 0)]),
    axisLabel,
    draw: (chart, palette) => {
      drawZero(chart, palette, { noiseUs, isUpright: true });
      marks.forEach((mark, row) => drawInterval(chart, mark, row, palette));
    },
    tipAt: (index) => {
      const mark = marks[index];
      return mark === undefined ? undefined : `${mark.name}: ${figureOf(mark)} ${unit}`;
    },
  });
}

function figureOf({ estimate, low, high }: IntervalMark): string {
  const range = low === null || high === null ? 'no interval' : `${figure(low)}..${figure(high)}`;
  return `${figure(estimate)} [${range}]`;
}

function drawInterval(chart: uPlot, mark: IntervalMark, row: number, palette: Palette): void {
  const y = chart.valToPos(row, 'x', true);
  const x = (value: number): number => chart.valToPos(value, 'y', true);
  const colour = palette.tones[mark.tone];
  const { outer } = mark;
  if (outer !== undefined)
    drawLine(
      chart,
      [
        { x: x(outer.low), y },
        { x: x(outer.high), y },
      ],
      { colour, width: 1, dash: [4, 3] },
    );
  if (mark.low !== null && mark.high !== null)
    drawWhisker(
      chart,
      [
        { x: x(mark.low), y },
        { x: x(mark.high), y },
      ],
      colour,
    );
  if (mark.truth !== undefined) {
    const reach = 9 * pixel();
    const at = x(mark.truth);
    drawLine(
      chart,
      [
        { x: at, y: y - reach },
        { x: at, y: y + reach },
      ],
      { colour: palette.ink, width: 2, dash: [3, 2] },
    );
  }
  drawDot(
    chart,
    { x: x(mark.estimate), y },
    { colour, radius: 4.5, ...(mark.isSeen ? {} : { hollowOn: palette.surface }) },
  );
}

/** Each start of the processes a dot: the only independent samples there are. */
export function mountStrips(host: HTMLElement, strips: readonly RestartStrip[], noiseUs: number | null): void {
  mountRows({
    host,
    names: strips.map(({ name }) => name),
    range: rangeAround(strips.flatMap(({ meansUs }) => meansUs)),
    axisLabel: 'added µs, mean of each restart',
    heightMin: CHART_HEIGHT,
    draw: (chart, palette) => {
      drawZero(chart, palette, { noiseUs, isUpright: true });
      strips.forEach((strip, row) => drawStrip(chart, strip, row, palette));
    },
    tipAt: (index) => {
      const strip = strips[index];
      return strip === undefined ? undefined : `${strip.name}: ${strip.meansUs.map(figure).join(', ')} µs`;
    },
  });
}

function drawStrip(chart: uPlot, { tone, meansUs }: RestartStrip, row: number, palette: Palette): void {
  const y = chart.valToPos(row, 'x', true);
  const x = (value: number): number => chart.valToPos(value, 'y', true);
  const mean = x(meansUs.reduce((sum, value) => sum + value, 0) / meansUs.length);
  const reach = 9 * pixel();
  drawLine(
    chart,
    [
      { x: mean, y: y - reach },
      { x: mean, y: y + reach },
    ],
    { colour: palette.tones[tone], width: 2 },
  );
  chart.ctx.globalAlpha = 0.7;
  // Neighbours stand a little apart, always in the same way.
  meansUs.forEach((value, restart) =>
    drawDot(
      chart,
      { x: x(value), y: y + ((restart % 3) - 1) * 5 * pixel() },
      { colour: palette.tones[tone], radius: 3.5 },
    ),
  );
  chart.ctx.globalAlpha = 1;
}
