import type { MetricsTable, Reading } from '@tracelab/command';
import { SpanKind } from '@tracelab/protocol';
import { DURATION_BUCKETS_MS, type OperationStats } from './population.ts';

const KIND_NAMES = Object.keys(SpanKind);
const LABELS = ['service', 'operation', 'kind'] as const;
const NS_PER_S = 1e9;

/** Rows of `/metrics`: a series for each operation of each service, as many as the samplers tell apart. */
export function populationTable(operations: () => readonly OperationStats[]): MetricsTable {
  const read = (valueOf: (stats: OperationStats) => number) => (): Reading[] =>
    operations().map((stats) => ({ value: valueOf(stats), labels: labelsOf(stats) }));
  return {
    populationSpans: {
      type: 'counter',
      name: 'collector_population_spans',
      help: 'Spans of decided traces, kept or dropped.',
      labels: LABELS,
      read: read(({ calls }) => calls),
    },
    populationErrors: {
      type: 'counter',
      name: 'collector_population_errors',
      help: 'Those of them with status error.',
      labels: LABELS,
      read: read(({ errors }) => errors),
    },
    populationSpansEstimated: {
      type: 'counter',
      name: 'collector_population_estimated_spans',
      help: 'How many there were before the samplers of the services, by the th of their trace state.',
      labels: LABELS,
      read: read(({ callsEstimated }) => callsEstimated),
    },
    populationErrorsEstimated: {
      type: 'counter',
      name: 'collector_population_estimated_errors',
      help: 'How many of them with status error.',
      labels: LABELS,
      read: read(({ errorsEstimated }) => errorsEstimated),
    },
    populationDuration: {
      type: 'histogram',
      name: 'collector_population_duration_seconds',
      help: 'How long they took.',
      labels: LABELS,
      buckets: DURATION_BUCKETS_MS.map((ms) => ms / 1000),
      read: () =>
        operations().map((stats) => ({
          labels: labelsOf(stats),
          counts: stats.buckets,
          sum: stats.durationNanoSum / NS_PER_S,
        })),
    },
  };
}

function labelsOf({ service, name, kind }: OperationStats): Record<(typeof LABELS)[number], string> {
  return { service, operation: name, kind: KIND_NAMES[kind] ?? '' };
}
