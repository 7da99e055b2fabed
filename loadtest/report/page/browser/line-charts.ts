import type uPlot from 'uplot';
import type { DapperChart, DriftChart, DriftPoint, RateChart, RateSeries } from '../chart-data.ts';
import { axisOf, CHART_HEIGHT, mountChart, rangeAround, figure } from './frame.ts';
import { drawBand, drawDot, drawLine, drawWhisker, drawZero, pixel, type Spot } from './marks.ts';
import type { Palette } from './palette.ts';

/** Added microseconds over the sampling rate. The rates are names side by side: their distances mean nothing. */
export function mountRates(host: HTMLElement, { labels, series }: RateChart, noiseUs: number | null): void {
  const values = series.flatMap(({ marks, line }) => [
    ...line,
    ...marks.flatMap((mark) => (mark === null ? [] : [mark.estimate, mark.low ?? 0, mark.high ?? 0])),
  ]);
  mountChart({
    host,
    height: CHART_HEIGHT,
    scales: scalesOf(labels, rangeAround([...values, noiseUs ?? 0, -(noiseUs ?? 0)])),
    axes: axesOf(labels, 'share of requests sampled', 'added µs a request'),
    data: dataOf(labels),
    draw: (chart, palette) => {
      drawZero(chart, palette, { noiseUs, isUpright: false });
      series.forEach((one, index) => drawRates(chart, one, index - (series.length - 1) / 2, palette));
    },
    tipAt: (index) =>
      [`${labels[index]}`, ...series.flatMap(({ name, marks }) => describeMark(name, marks[index] ?? null))].join('\n'),
  });
}

function describeMark(name: string, mark: RateSeries['marks'][number]): string[] {
  if (mark === null) return [];
  const range = mark.low === null || mark.high === null ? 'no interval' : `${figure(mark.low)}..${figure(mark.high)}`;
  return [`${name}: ${figure(mark.estimate)} [${range}] µs`];
}

function drawRates(chart: uPlot, { tone, marks, line }: RateSeries, place: number, palette: Palette): void {
  const colour = palette.tones[tone];
  const spot = (index: number, value: number): Spot => ({
    x: chart.valToPos(index, 'x', true) + place * 12 * pixel(),
    y: chart.valToPos(value, 'y', true),
  });
  drawLine(
    chart,
    line.map((value, index) => spot(index, value)),
    { colour, width: 1.5, dash: [5, 4] },
  );
  marks.forEach((mark, index) => {
    if (mark === null) return;
    if (mark.low !== null && mark.high !== null)
      drawWhisker(chart, [spot(index, mark.low), spot(index, mark.high)], colour);
    const hollow = mark.isSeen ? {} : { hollowOn: palette.surface };
    drawDot(chart, spot(index, mark.estimate), { colour, radius: 4.5, ...hollow });
  });
}

/** What Dapper's authors published: other quantities on another machine, so a panel and an axis of its own. */
export function mountDapper(host: HTMLElement, chart: DapperChart): void {
  const { labels, latencyPercent, throughputPercent, errorPercent } = chart;
  mountChart({
    host,
    height: CHART_HEIGHT,
    scales: scalesOf(labels, rangeAround([...latencyPercent, ...throughputPercent, -errorPercent.latency])),
    axes: axesOf(labels, 'share of requests sampled', '% of untraced'),
    data: dataOf(labels),
    draw: (drawn, palette) => {
      drawZero(drawn, palette, { noiseUs: errorPercent.latency, isUpright: false });
      drawSeries(drawn, latencyPercent, { colour: palette.tones.other, surface: palette.surface, isHollow: false });
      drawSeries(drawn, throughputPercent, { colour: palette.tones.api, surface: palette.surface, isHollow: true });
    },
    tipAt: (index) =>
      `${labels[index]}\nlatency ${figure(latencyPercent[index] ?? 0)} %\nthroughput ${throughputPercent[index] ?? 0} %`,
  });
}

function drawSeries(
  chart: uPlot,
  values: readonly number[],
  style: { colour: string; surface: string; isHollow: boolean },
): void {
  const spots = values.map((value, index) => ({
    x: chart.valToPos(index, 'x', true),
    y: chart.valToPos(value, 'y', true),
  }));
  drawLine(chart, spots, { colour: style.colour, width: 1.5 });
  const hollow = style.isHollow ? { hollowOn: style.surface } : {};
  for (const spot of spots) drawDot(chart, spot, { colour: style.colour, radius: 3.5, ...hollow });
}

/** CPU of the blocks without a tracer, in the order of the run: what the machine itself did meanwhile. */
export function mountDrift(host: HTMLElement, { baseline, control, restartsFrom }: DriftChart): void {
  const points = [...baseline, ...control].toSorted((one, other) => one.at - other.at);
  const end = restartsFrom.at(-1) ?? 1;
  const values = points.map(({ us }) => us);
  const room = (Math.max(...values) - Math.min(...values)) * 0.08 + 1;
  mountChart({
    host,
    height: CHART_HEIGHT,
    scales: {
      x: { time: false, range: [-0.5, end - 0.5] },
      y: { range: [Math.max(0, Math.min(...values) - room), Math.max(...values) + room] },
    },
    axes: [
      {
        ...axisOf({ side: 2, scale: 'x', size: 30, label: 'block of the run' }),
        values: (_, splits) => splits.map(String),
      },
      {
        ...axisOf({ side: 3, scale: 'y', size: 48, label: 'µs a request' }),
        values: (_, splits) => splits.map(String),
      },
    ],
    data: [points.map(({ at }) => at), values],
    draw: (chart, palette) => {
      restartsFrom.slice(0, -1).forEach((from, restart) => {
        const to = restartsFrom[restart + 1] ?? end;
        if (restart % 2 === 1)
          drawBand(chart, { scale: 'x', from: from - 0.5, to: to - 0.5, isUpright: true }, palette.shade);
        const within = ({ at }: DriftPoint): boolean => at >= from && at < to;
        drawDrift(chart, control.filter(within), palette.tones.control);
        drawDrift(chart, baseline.filter(within), palette.tones.baseline);
      });
    },
    tipAt: (index) => {
      const point = points[index];
      return point === undefined ? undefined : `block ${point.at + 1}: ${Math.round(point.us)} µs a request`;
    },
  });
}

function drawDrift(chart: uPlot, points: readonly DriftPoint[], colour: string): void {
  const spots = points.map(({ at, us }) => ({ x: chart.valToPos(at, 'x', true), y: chart.valToPos(us, 'y', true) }));
  drawLine(chart, spots, { colour, width: 1 });
  for (const spot of spots) drawDot(chart, spot, { colour, radius: 2.2 });
}

function scalesOf(labels: readonly string[], range: [number, number]): uPlot.Scales {
  return { x: { time: false, range: [-0.5, labels.length - 0.5] }, y: { range } };
}

function axesOf(labels: readonly string[], below: string, beside: string): uPlot.Axis[] {
  return [
    axisOf({ side: 2, scale: 'x', size: 30, label: below, names: labels }),
    axisOf({ side: 3, scale: 'y', size: 48, label: beside }),
  ];
}

function dataOf(labels: readonly string[]): uPlot.AlignedData {
  const places = labels.map((_, index) => index);
  return [places, places];
}
