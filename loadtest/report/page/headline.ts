import type { Interval } from '@tracelab/model';
import type { Variant } from '../../overhead/variant.ts';
import { formatNumber, formatSigned } from '../format.ts';
import { isBounded } from '../interval.ts';
import type { Difference, Row, WorkloadSummary } from '../summary.ts';
import { isClaimed } from '../verdict.ts';

/** What somebody who reads one sentence should take away from a workload, never more than the table claims. */
export function headlineOf(summary: WorkloadSummary, variants: readonly Variant[]): string {
  const row = rowsByTracer(summary, variants)[0]?.[0];
  return row?.difference === undefined
    ? `Nothing was compared with ${summary.baseline}.`
    : sentenceOf(row, row.difference, summary);
}

function sentenceOf(row: Row, { addedUs, addedPercent }: Difference, { control, baseline }: WorkloadSummary): string {
  const cost = costOf(addedUs);
  if (!isBounded(addedUs)) return `${row.variant} came out at ${cost} a request: one restart has no interval.`;
  if (control.isTooNoisy)
    return `No verdict: two equal sets differ by up to ${formatNumber(control.minimumDetectableUs)} µs here. ${row.variant} came out at ${cost} a request.`;
  if (!isClaimed(addedUs, control))
    return `No cost of ${row.variant} is seen: it came out at ${cost} a request, and less than ${formatNumber(row.minimumDetectableUs ?? 0)} µs would not have been seen.`;
  const share = `${formatNumber(Math.abs(addedPercent))} % of ${baseline}`;
  return addedUs.estimate > 0
    ? `${row.variant} costs ${cost} of CPU a request, ${share}.`
    : `${row.variant} takes less CPU than ${baseline}: ${cost} a request, ${share}.`;
}

/** "+51.6 µs [28.4..74.8]" */
function costOf({ estimate, low, high }: Interval): string {
  return `${formatSigned(estimate)} µs [${isBounded({ estimate, low, high }) ? `${formatNumber(low)}..${formatNumber(high)}` : 'no interval'}]`;
}

const TILES_MAX = 4;

/** The rows worth a large figure: of each tracer where it does most, then where it does least. */
export function tileRows(summary: WorkloadSummary, variants: readonly Variant[]): Row[] {
  const groups = rowsByTracer(summary, variants);
  const most = groups.map((group) => group[0]);
  const least = groups.map((group) => group.at(-1));
  return [...new Set([...most, ...least])].filter((row) => row !== undefined).slice(0, TILES_MAX);
}

/** Densest first, both within a tracer and among them. Known costs are no tracers. */
function rowsByTracer(summary: WorkloadSummary, variants: readonly Variant[]): Row[][] {
  const byName = new Map(variants.map((variant) => [variant.name, variant]));
  const rows = summary.rows.slice(2).filter(({ injectedUs }) => injectedUs === undefined);
  const rateOf = (row: Row | undefined): number => byName.get(row?.variant ?? '')?.ratio ?? 0;
  const byTracer = Map.groupBy(rows, ({ variant }) => byName.get(variant)?.tracer ?? variant);
  return [...byTracer.values()]
    .map((group) => group.toSorted((one, other) => rateOf(other) - rateOf(one)))
    .toSorted((one, other) => rateOf(other[0]) - rateOf(one[0]));
}
