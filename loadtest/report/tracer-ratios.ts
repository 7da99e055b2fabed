import { mean, ratioOfAdded, type Interval } from '@tracelab/model';
import { completeRounds, cpuUsPerRequest, pairsOf, type Round } from '../overhead/paired-rounds.ts';
import type { OverheadResult } from '../overhead/result.ts';
import type { VariantName } from '../overhead/variant.ts';
import { judgeTarget } from './verdict.ts';

/** What the lab's tracer adds to a request over what the official SDK adds at the same rate. */
export interface TracerRatio {
  rate: string;
  ratio: Interval;
  /** The goals of the tracer (issue 5), absent for rates that have none: at most this, and aimed at that. */
  target?: { max: number; aim: number };
}

const RATES = ['1/1024', '1/16', '1/1'] as const;
const TARGETS: Readonly<Partial<Record<string, { max: number; aim: number }>>> = {
  '1/1': { max: 1 / 8, aim: 1 / 12 },
  '1/1024': { max: 1 / 10, aim: 1 / 16 },
};

/** One ratio for each rate that both tracers were measured at. */
export function compareTracers(result: OverheadResult): TracerRatio[] {
  const [measured] = result.workloads;
  const restarts = completeRounds(measured?.blocks ?? []);
  const isMeasured = (name: VariantName): boolean => restarts[0]?.[0]?.has(name) ?? false;
  return RATES.filter((rate) => isMeasured(`lab ${rate}`) && isMeasured(`otel ${rate}`)).map((rate) => {
    const target = TARGETS[rate];
    return { rate, ratio: ratioAt(restarts, rate), ...(target === undefined ? {} : { target }) };
  });
}

function ratioAt(restarts: readonly Round[][], rate: string): Interval {
  const [lab, otel] = [addedOf(restarts, `lab ${rate}`), addedOf(restarts, `otel ${rate}`)];
  return ratioOfAdded(lab.map((numerator, index) => ({ numerator, denominator: otel[index] ?? Number.NaN })));
}

/** Microseconds over `none`, one mean for each restart. */
function addedOf(restarts: readonly Round[][], variant: VariantName): number[] {
  return pairsOf(restarts, variant, cpuUsPerRequest).map(({ pairs }) =>
    mean(pairs.map((pair) => pair.variant - pair.baseline)),
  );
}

/** "lab over otel at 1/1: 0.08 [0.05..0.11], 1/12.5; target at most 1/8: met (aim 1/12: met)" */
export function describeRatio({ rate, ratio, target }: TracerRatio): string {
  const bounds = Number.isFinite(ratio.low) ? `${ratio.low.toFixed(3)}..${ratio.high.toFixed(3)}` : 'no interval';
  const share = ratio.estimate > 0 ? `, 1/${(1 / ratio.estimate).toFixed(1)}` : '';
  const text = `lab over otel at ${rate}: ${ratio.estimate.toFixed(3)} [${bounds}]${share}`;
  if (target === undefined) return text;
  const [max, aim] = [judgeTarget(ratio, target.max), judgeTarget(ratio, target.aim)];
  return `${text}; target at most 1/${Math.round(1 / target.max)}: ${max} (aim 1/${Math.round(1 / target.aim)}: ${aim})`;
}
