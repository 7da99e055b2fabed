import { addedUsByRestart, cpuUsPerRequest } from '../../overhead/paired-rounds.ts';
import { DAPPER_ERROR_PERCENT, DAPPER_TABLE_2 } from '../../overhead/dapper.ts';
import type { OverheadResult, WorkloadResult } from '../../overhead/result.ts';
import type { Variant, VariantName } from '../../overhead/variant.ts';
import type { Row, SummarizedRounds, WorkloadSummary } from '../summary.ts';
import { isClaimed } from '../verdict.ts';
import type {
  DapperChart,
  DriftChart,
  IntervalMark,
  RateChart,
  RateSeries,
  Tone,
  WorkloadCharts,
} from './chart-data.ts';

/** Two rates are two bars; a chart over the rate needs more. */
const RATES_MIN = 3;

export function chartsOf(result: OverheadResult, { summary, measured, restarts }: SummarizedRounds): WorkloadCharts {
  const variants = new Map(result.variants.map((variant) => [variant.name, variant]));
  const marks = summary.rows.slice(1).flatMap((row) => markOf(row, summary, variants));
  const rates = rateChartOf(marks, summary, variants);
  const dapper = result.comparison === 'rates' ? dapperChart() : undefined;
  return {
    added: marks,
    noiseUs: finite(summary.control.minimumDetectableUs),
    ...(rates === undefined ? {} : { rates }),
    ...(dapper === undefined || rates === undefined ? {} : { dapper }),
    restarts: marks.map(({ name, tone }) => ({
      name,
      tone,
      meansUs: addedUsByRestart(restarts, { variant: name, baseline: summary.baseline }),
    })),
    drift: driftOf(measured, summary),
  };
}

export function toneOf(name: VariantName, summary: WorkloadSummary, variant: Variant | undefined): Tone {
  if (name === summary.baseline) return 'baseline';
  if (name === summary.rows[1]?.variant) return 'control';
  const tracer = variant?.tracer;
  return tracer === 'api' || tracer === 'lab' || tracer === 'otel' ? tracer : 'other';
}

function markOf(row: Row, summary: WorkloadSummary, variants: ReadonlyMap<VariantName, Variant>): IntervalMark[] {
  const added = row.difference?.addedUs;
  if (added === undefined) return [];
  return [
    {
      name: row.variant,
      tone: toneOf(row.variant, summary, variants.get(row.variant)),
      estimate: added.estimate,
      low: finite(added.low),
      high: finite(added.high),
      isSeen: isClaimed(added, summary.control),
      ...(row.injectedUs === undefined ? {} : { truth: row.injectedUs }),
    },
  ];
}

function rateChartOf(
  marks: readonly IntervalMark[],
  summary: WorkloadSummary,
  variants: ReadonlyMap<VariantName, Variant>,
): RateChart | undefined {
  const rateOf = ({ name }: IntervalMark): number | undefined => variants.get(name)?.ratio;
  const sampled = marks.filter((mark) => rateOf(mark) !== undefined && (mark.tone === 'lab' || mark.tone === 'otel'));
  const rates = [...new Set(sampled.map((mark) => rateOf(mark) ?? 0))].sort((one, other) => one - other);
  if (rates.length < RATES_MIN) return undefined;
  const seriesOf = (tone: 'lab' | 'otel', name: string): RateSeries[] => {
    const own = sampled.filter((mark) => mark.tone === tone);
    const { trend } = summary;
    const line =
      tone === 'lab' && trend !== undefined
        ? rates.map((rate) => trend.eachRequestUs.estimate + trend.eachSampledUs.estimate * rate)
        : [];
    const ofRate = (rate: number): IntervalMark | null => own.find((mark) => rateOf(mark) === rate) ?? null;
    return own.length === 0 ? [] : [{ name, tone, marks: rates.map(ofRate), line }];
  };
  return {
    labels: rates.map((rate) => (rate === 0 ? '0' : `1/${Math.round(1 / rate)}`)),
    series: [...seriesOf('lab', 'the lab’s tracer'), ...seriesOf('otel', 'official SDK')],
  };
}

function dapperChart(): DapperChart {
  const rows = Object.entries(DAPPER_TABLE_2).flatMap(([label, row]) => (row === undefined ? [] : [{ label, ...row }]));
  return {
    labels: rows.map(({ label }) => label),
    latencyPercent: rows.map(({ latencyPercent }) => latencyPercent),
    throughputPercent: rows.map(({ throughputPercent }) => throughputPercent),
    errorPercent: DAPPER_ERROR_PERCENT,
  };
}

function driftOf({ blocks }: WorkloadResult, summary: WorkloadSummary): DriftChart {
  const pointsOf = (variant: VariantName | undefined): { at: number; us: number }[] =>
    blocks.flatMap((block, at) => (block.variant === variant ? [{ at, us: cpuUsPerRequest(block) }] : []));
  const firsts = blocks.flatMap((block, at) => (block.restart === blocks[at - 1]?.restart ? [] : [at]));
  return {
    baseline: pointsOf(summary.baseline),
    control: pointsOf(summary.rows[1]?.variant),
    restartsFrom: [...firsts, blocks.length],
  };
}

/** JSON has no infinity. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
