import { perDay, type CapacityPlan } from '@tracelab/model';
import type { CollectorSettings } from './collector-settings.ts';
import { formatBytes, formatCount } from './format-units.ts';
import type { SourcedFigures } from './collector-figures.ts';
import type { Demand } from './read-demand.ts';
import type { CapacitySettings } from './settings.ts';

export interface Planned {
  demand: Demand;
  sourced: SourcedFigures;
  plan: CapacityPlan;
  settings: CollectorSettings;
  /** As they were given. */
  given: CapacitySettings;
}

/** Upstream's default, which most files have. */
const DEFAULT_NUM_TRACES = 50_000;
/** Of our collector's file. */
const TRACELAB_NUM_TRACES_MAX = 10_000_000;

/** What must be read before any figure of the plan. */
export function warningsOf(planned: Planned): string[] {
  return [...numTracesWarnings(planned), ...traceRateWarnings(planned), ...tracelabWarnings(planned)];
}

function numTracesWarnings({ given: { numTraces }, plan: { samplers, buffer }, settings }: Planned): string[] {
  const heldS = (traces: number): string => (traces / samplers.tracesPerSecond).toFixed(1);
  const need = `${formatCount(samplers.tracesPerSecond)} traces/s x ${buffer.heldS} s = ${formatCount(samplers.traces)} traces wait at the busiest sampler at the peak`;
  if (numTraces > 0 && numTraces < samplers.traces)
    return [
      `num_traces ${formatCount(numTraces)} is too small: ${need}. It holds ${heldS(numTraces)} s of them; then the oldest is deleted without a decision. It should be ${formatCount(settings.numTraces)}.`,
    ];
  if (numTraces > 0 || samplers.traces <= DEFAULT_NUM_TRACES) return [];
  return [
    `The default num_traces of ${formatCount(DEFAULT_NUM_TRACES)} would be too small: ${need}; it would hold ${heldS(DEFAULT_NUM_TRACES)} s of them. The file below has ${formatCount(settings.numTraces)}.`,
  ];
}

function traceRateWarnings({ demand }: Planned): string[] {
  if (!demand.isTraceRateUpperBound) return [];
  return [
    `Traces are counted as if each of the ${formatCount(demand.tracesPerSecond)} requests/s of every service began one: an upper bound. Say with --rps how many requests of users there are.`,
  ];
}

/** What is not built yet is said here, and a whole-system test holds it to what our collector really refuses. */
function tracelabWarnings({ sourced, settings, plan }: Planned): string[] {
  if (sourced.collector !== 'tracelab') return [];
  const warnings = [
    `Our collector's router is not built yet, so that ${plan.samplers.replicas} samplers cannot share traces by themselves: today it is one process, and the lab's parts below say how much that takes.`,
  ];
  if (settings.numTraces > TRACELAB_NUM_TRACES_MAX)
    warnings.push(
      `num_traces ${formatCount(settings.numTraces)} is above the ${formatCount(TRACELAB_NUM_TRACES_MAX)} that our collector takes: a shorter window or a lower head rate is needed.`,
    );
  return warnings;
}

/** What the figures rest on. */
export function notesOf({ demand, plan, given, sourced }: Planned): string[] {
  const { figures } = sourced;
  const made = plan.average.head.received;
  const spanBytes = made.bytesPerSecond / made.spansPerSecond;
  const notes = [
    `Planned with ${assumptionsOf(given)}: given or, where you did not say, assumed.`,
    `Collector: ${sourced.source}; ${figures.cpuUsPerSpan.toFixed(1)} µs of CPU a span${figures.routerCpuUsPerSpan === undefined ? '' : ` (${figures.routerCpuUsPerSpan.toFixed(1)} in a router)`}, ${formatCount(figures.bytesPerBufferedSpan)} B for each undecided one, ${formatBytes(figures.idleBytes)} at rest, with spans of ${formatCount(figures.spanBytes)} B${spanBytes > figures.spanBytes ? `; yours of ${formatCount(spanBytes)} B are charged in proportion` : ''}.`,
    'Collectors are sized for the peak, N + 1 of one core each; the store for the average. Bytes are OTLP protobuf, uncompressed; units are decimal (1 TB is 10^12 B) unless they say Ti.',
    'Of several samplers the busiest gets 38 % more than its share (the worst of the loadbalancing exporter’s ring, measured): it is what CPU, memory and num_traces are sized for.',
  ];
  if (demand.headRate < 1)
    notes.push(
      `The head rate is the applications': OTEL_TRACES_SAMPLER=parentbased_traceidratio OTEL_TRACES_SAMPLER_ARG=${demand.headRate}.`,
    );
  if (given.services > 0 && given.csv === '') notes.push(servicesNote(plan, given.services));
  return notes;
}

/** What decides most and is most easily forgotten. */
function assumptionsOf({ csv, spanBytes, peak, windowS, utilisation, retentionDays }: CapacitySettings): string {
  const rows = csv === '' ? '' : ` (where ${csv} has no column for them)`;
  return `--span-bytes ${spanBytes}, --peak ${peak}${rows}, --window-s ${windowS}, --utilisation ${utilisation}, --retention-days ${retentionDays}`;
}

/** "20 services" explain the spans of one request; if each had the rate for itself, everything would be that many times more. */
function servicesNote({ average }: CapacityPlan, services: number): string {
  const { spansPerSecond, tracesPerSecond } = average.head.received;
  const { bytesPerDay } = perDay(average.head.received);
  return `${formatCount(services)} services share the spans of a user's request, ${formatCount(spansPerSecond / tracesPerSecond / services)} each. If every service received the rate for itself, it would be ${formatCount(spansPerSecond * services)} spans/s and ${formatBytes(bytesPerDay * services)} a day: then use --csv.`;
}
