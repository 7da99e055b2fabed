import type { MetricsTable, Reading } from '@tracelab/command';
import { spansDroppedTotal } from '@tracelab/protocol';
import type { SpanCounts, SpanDropReason } from '@tracelab/protocol';

/** Of SPAN_DROP_REASONS, those that OpenTelemetry's conventions count at the exporter; the others never got that far. */
const EXPORTER_REASONS = ['rejected', 'refused', 'timeout'] as const satisfies readonly SpanDropReason[];
const PROCESSOR_REASONS = [
  'queue_full',
  'closed',
  'not_encodable',
  'no_exporter',
] as const satisfies readonly SpanDropReason[];
const SAMPLED = { otel_span_sampling_result: 'RECORD_AND_SAMPLE' };

/**
 * What this process's tracer counts, under the names of OpenTelemetry's conventions for SDKs (semconv, otel.sdk.*; dots as
 * underscores). Together they say where every span is: started{RECORD_AND_SAMPLE} = live + queue_size + processed, and
 * the processed without an error_type are all of exported.
 */
export function tracerMetrics(counts: () => SpanCounts): MetricsTable {
  return { ...spanRows(counts), ...requestRows(counts), ...propagationRows(counts) };
}

function spanRows(counts: () => SpanCounts): MetricsTable {
  return {
    spansStarted: {
      type: 'counter',
      name: 'otel_sdk_span_started',
      help: 'Spans created',
      labels: ['otel_span_sampling_result'],
      read: () => readStarted(counts()),
    },
    spansLive: {
      type: 'gauge',
      name: 'otel_sdk_span_live',
      help: 'Recording spans that have not ended yet',
      labels: ['otel_span_sampling_result'],
      read: () => [{ value: spansLive(counts()), labels: SAMPLED }],
    },
    queueSize: {
      type: 'gauge',
      name: 'otel_sdk_processor_span_queue_size',
      help: 'Ended spans that wait to be sent, those being sent included',
      read: () => [{ value: counts().spansQueued }],
    },
    spansProcessed: {
      type: 'counter',
      name: 'otel_sdk_processor_span_processed',
      help: 'Ended spans that left the queue; error_type says why one did not reach the exporter',
      labels: ['error_type'],
      read: () => readProcessed(counts()),
    },
    spansExported: {
      type: 'counter',
      name: 'otel_sdk_exporter_span_exported',
      help: 'Spans whose export has ended; error_type says why it failed',
      labels: ['error_type'],
      read: () => readExported(counts()),
    },
  };
}

/** The conventions have no name for these. */
function requestRows(counts: () => SpanCounts): MetricsTable {
  return {
    exportRequests: {
      type: 'counter',
      name: 'tracelab_tracer_export_requests',
      help: 'Tries to send a batch of spans',
      read: () => [{ value: counts().requestsSent }],
    },
    exportRequestsRetried: {
      type: 'counter',
      name: 'tracelab_tracer_export_requests_retried',
      help: 'Tries that were not the first of their batch',
      read: () => [{ value: counts().requestsRetried }],
    },
  };
}

function propagationRows(counts: () => SpanCounts): MetricsTable {
  return {
    baggageMembersDropped: {
      type: 'counter',
      name: 'tracelab_tracer_baggage_members_dropped',
      help: 'Members of baggage, in or out, that were malformed, beyond the limits, or not expressible in a header',
      read: () => readPropagation(counts().propagation?.baggageMembersDropped),
    },
    traceContextConflicts: {
      type: 'counter',
      name: 'tracelab_tracer_trace_context_conflicts',
      help: 'Requests whose traceparent and B3 headers disagreed; traceparent was believed',
      read: () => readPropagation(counts().propagation?.traceContextConflicts),
    },
  };
}

/** No reading where the tracer does not count it. */
function readPropagation(value: number | undefined): Reading[] {
  return value === undefined ? [] : [{ value }];
}

function readStarted({ spansCreated, spansSampled }: SpanCounts): Reading[] {
  return [
    { value: spansSampled, labels: SAMPLED },
    { value: spansCreated - spansSampled, labels: { otel_span_sampling_result: 'DROP' } },
  ];
}

function spansLive(counts: SpanCounts): number {
  return counts.spansSampled - counts.spansExported - counts.spansQueued - spansDroppedTotal(counts);
}

function readProcessed({ spansExported, spansDropped }: SpanCounts): Reading[] {
  const sent = EXPORTER_REASONS.reduce((total, reason) => total + spansDropped[reason], spansExported);
  return [{ value: sent }, ...byReason(PROCESSOR_REASONS, spansDropped)];
}

function readExported({ spansExported, spansDropped }: SpanCounts): Reading[] {
  return [{ value: spansExported }, ...byReason(EXPORTER_REASONS, spansDropped)];
}

function byReason(reasons: readonly SpanDropReason[], spansDropped: SpanCounts['spansDropped']): Reading[] {
  return reasons.map((reason) => ({ value: spansDropped[reason], labels: { error_type: reason } }));
}
