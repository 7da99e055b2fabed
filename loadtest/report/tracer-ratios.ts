import type { TracerName } from '@tracelab/command';
import { ratioOfAdded, type Interval } from '@tracelab/model';
import { addedUsByRestart, completeRounds } from '../overhead/paired-rounds.ts';
import type { WorkloadResult } from '../overhead/result.ts';
import type { Variant } from '../overhead/variant.ts';
import { judgeTarget } from './verdict.ts';

/** What the lab's tracer adds to a request over what the official SDK adds at the same rate. */
export interface TracerRatio {
  rate: string;
  ratio: Interval;
  /** The goals of the tracer (issue 5), absent for rates that have none: at most this, and aimed at that. */
  target?: { max: number; aim: number };
}

/** They are about the bare hop. */
const TARGETS: ReadonlyMap<number, { max: number; aim: number }> = new Map([
  [1, { max: 1 / 8, aim: 1 / 12 }],
  [1 / 1024, { max: 1 / 10, aim: 1 / 16 }],
]);

/** One ratio for each rate of a workload that both tracers were measured at. */
export function compareTracers(measured: WorkloadResult, variants: readonly Variant[]): TracerRatio[] {
  const restarts = completeRounds(measured.blocks);
  const isMeasured = ({ name }: Variant): boolean => restarts[0]?.[0]?.has(name) ?? false;
  const ofTracer = (tracer: TracerName): Variant[] =>
    variants.filter((variant) => variant.tracer === tracer && variant.ratio !== undefined && isMeasured(variant));
  const baseline = variants[0]?.name ?? '';
  const sdk = ofTracer('otel');
  return ofTracer('lab').flatMap((lab) => {
    const otel = sdk.find(({ ratio }) => ratio === lab.ratio);
    if (otel === undefined || lab.ratio === undefined) return [];
    const target = measured.workload === 'hop' ? TARGETS.get(lab.ratio) : undefined;
    const [added, addedBySdk] = [lab, otel].map(({ name }) => addedUsByRestart(restarts, { variant: name, baseline }));
    const ratio = ratioOfAdded(
      (added ?? []).map((numerator, index) => ({ numerator, denominator: addedBySdk?.[index] ?? Number.NaN })),
    );
    return [{ rate: nameOfRate(lab.ratio), ratio, ...(target === undefined ? {} : { target }) }];
  });
}

function nameOfRate(ratio: number): string {
  return ratio === 0 ? 'unsampled' : `1/${Math.round(1 / ratio)}`;
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
