import type { CapacityPlan, CollectorFigures, Part } from '@tracelab/model';

/** A part of this lab as it is without installing anything, and what takes its place when it is outgrown. */
export interface LabPart extends Part {
  unit: 'spans/s' | 'traces' | 'bytes' | 'spans' | 'requests/s';
  /** What the limit is: what one of it does, a bound that a setting raises, or the most that anybody tried. */
  kind: 'measured' | 'setting' | 'tried';
  source: string;
  distributed: string;
}

/** Defaults of our collector (collector/README.md). */
const NUM_TRACES = 50_000;
const PENDING_BYTES = 256 * 1024 ** 2;

/** The parts that have a figure; the collector's own only where it was measured on this machine. */
export function labPartsFor(
  plan: CapacityPlan,
  of: { requestsPerSecond: number; utilisationMax: number; tracelab: CollectorFigures | undefined },
): LabPart[] {
  const { peak, average, buffer, storage } = plan;
  const peakFactor = peak.head.received.spansPerSecond / average.head.received.spansPerSecond;
  const peakRequestsPerSecond = of.requestsPerSecond * peakFactor;
  return [
    ...collectorParts(plan, of),
    ...serviceParts(peakRequestsPerSecond, of.utilisationMax),
    {
      name: 'collector, undecided traces',
      load: buffer.traces,
      limit: NUM_TRACES,
      unit: 'traces',
      kind: 'setting',
      source: 'num_traces unless told otherwise',
      distributed: 'a higher num_traces and more memory, then samplers behind a router',
    },
    {
      name: 'store, writing',
      load: peak.tail.kept.spansPerSecond,
      limit: 84_000,
      unit: 'spans/s',
      kind: 'measured',
      source: 'SQLite, a row per trace, 1M spans, one run, November 2026',
      distributed: 'ClickHouse',
    },
    {
      name: 'store, searching',
      load: storage.spans,
      limit: 10e6,
      unit: 'spans',
      kind: 'tried',
      source: 'the most that was ever put into SQLite here, trace by id in under 2 ms; of more nothing is known',
      distributed: 'ClickHouse',
    },
    {
      name: 'load generator',
      load: peakRequestsPerSecond,
      limit: 5000,
      unit: 'requests/s',
      kind: 'measured',
      source: 'loadtest/README.md: 0.7 of a core, p99 under 1 ms late',
      distributed: 'k6, then k6-operator',
    },
  ];
}

function collectorParts(
  { peak, buffer }: CapacityPlan,
  { utilisationMax, tracelab }: { utilisationMax: number; tracelab: CollectorFigures | undefined },
): LabPart[] {
  if (tracelab === undefined) return [];
  return [
    {
      name: 'collector, CPU',
      load: peak.head.kept.spansPerSecond,
      limit: (1e6 * utilisationMax) / tracelab.cpuUsPerSpan,
      unit: 'spans/s',
      kind: 'measured',
      source: 'one core at --utilisation, measured on this machine',
      distributed: 'samplers behind a router that shares traces out by their ids',
    },
    {
      name: 'collector, undecided bytes',
      load: buffer.spans * (tracelab.countedBytesPerSpan ?? tracelab.bytesPerBufferedSpan),
      limit: PENDING_BYTES,
      unit: 'bytes',
      kind: 'setting',
      source: '--pending-mebibytes-max unless told otherwise, in bytes as the collector counts them',
      distributed: 'more memory, then samplers behind a router',
    },
  ];
}

/**
 * The services whose data lies in one process: a second one needs them elsewhere. CPU of a checkout there, two look-ups of
 * prices in the cache's case, traced at 1/1: `lab -- processes` before and after `lab -- attack --rate 40`, a busy 2-core Linux
 * VM, 28 November 2026.
 */
const SERVICES_WITH_DATA = [
  { name: 'cache service', cpuUs: 814, distributed: 'Redis or Valkey' },
  { name: "inventory's database", cpuUs: 996, distributed: 'PostgreSQL' },
] as const;

function serviceParts(checkoutsPerSecond: number, utilisationMax: number): LabPart[] {
  return SERVICES_WITH_DATA.map(({ name, cpuUs, distributed }) => ({
    name,
    load: checkoutsPerSecond,
    limit: (1e6 * utilisationMax) / cpuUs,
    unit: 'requests/s',
    kind: 'measured',
    source: `one core at --utilisation, ${cpuUs} µs a checkout on a busy 2-core VM; a second process needs the same data`,
    distributed,
  }));
}
