import { defineMetrics, readUsage, type MetricsTable } from '@tracelab/command';
import type { ReceiveLedger } from '../receive/receive-ledger.ts';
import type { SamplerLedger } from '../sample/sampler.ts';
import type { StoreCounts } from '../store/trace-store.ts';
import type { LedgerCounts } from './ledger.ts';
import { LAG_BUCKETS_S } from '../tap/decision-lag.ts';
import { populationTable } from '../tap/population-metrics.ts';
import { sumReadings, type TapReadings } from '../tap/tap-readings.ts';

/** What the collector tells of itself. */
const TABLE = {
  spans: {
    type: 'counter',
    name: 'collector_spans',
    help: 'Spans of this process by what became of them: received + replayed = rejected + pending + sampledOut + dropped + kept; kept = stored + queued + storeDropped.',
    labels: ['state'],
  },
  imbalances: {
    type: 'counter',
    name: 'collector_ledger_imbalances',
    help: 'Ticks at which the ledger did not balance: a mistake in the collector.',
  },
  spansPending: { type: 'gauge', name: 'collector_pending_spans', help: 'Spans of traces that are not yet decided.' },
  spansQueued: { type: 'gauge', name: 'collector_store_queue_spans', help: 'Kept spans that wait for the store.' },
  rejected: {
    type: 'counter',
    name: 'collector_rejected_spans',
    help: 'Spans rejected one by one.',
    labels: ['reason'],
  },
  spansSampled: {
    type: 'counter',
    name: 'collector_probabilistic_sampler_spans',
    help: 'Spans by what probabilistic_sampler went by and whether it let them through.',
    labels: ['policy', 'sampled'],
  },
  requests: {
    type: 'counter',
    name: 'collector_requests',
    help: 'OTLP requests that could be read.',
    labels: ['outcome'],
  },
  refused: {
    type: 'counter',
    name: 'collector_refused_requests',
    help: 'Requests refused as a whole, to be sent again, by what had no room.',
    labels: ['reason'],
  },
  bytesReceived: {
    type: 'counter',
    name: 'collector_received_bytes',
    help: 'Bodies of accepted requests after decompression.',
  },
  tracesDecided: {
    type: 'counter',
    name: 'collector_decided_traces',
    help: 'Decided traces by what triggered the decision.',
    labels: ['trigger'],
  },
  late: {
    type: 'counter',
    name: 'collector_late_spans',
    help: 'Spans that came after the decision on their trace and followed it.',
  },
  shed: {
    type: 'counter',
    name: 'collector_shed_spans',
    help: 'Of the spans sampled out: what the policies would have kept and the store had no room for.',
  },
  policyErrors: {
    type: 'counter',
    name: 'collector_policy_errors',
    help: 'Policies that could not be evaluated on a trace: no vote.',
  },
  tracesPending: { type: 'gauge', name: 'collector_pending_traces', help: 'Traces that are not yet decided.' },
  bytesPending: {
    type: 'gauge',
    name: 'collector_pending_bytes',
    help: 'Memory of the traces that are not yet decided.',
  },
  bytesQueued: { type: 'gauge', name: 'collector_store_queue_bytes', help: 'Memory of what waits for the store.' },
  cpu: { type: 'counter', name: 'collector_cpu_seconds', help: 'CPU time of the process.' },
  resident: { type: 'gauge', name: 'collector_resident_bytes', help: 'Resident memory of the process.' },
} as const;

export interface SelfCounts {
  /** Of this life. */
  ledger: LedgerCounts;
  /** Of its received: an earlier life had acknowledged them. */
  replayed: number;
  imbalances: number;
  receive: ReceiveLedger;
  sampler: SamplerLedger;
  store: StoreCounts;
  taps: TapReadings;
}

function lagTable(lag: () => TapReadings['lag']): MetricsTable {
  return {
    decisionLag: {
      type: 'histogram',
      name: 'collector_decision_lag_seconds',
      help: 'How long after they were due traces were decided.',
      buckets: LAG_BUCKETS_S,
      read: () => [{ counts: lag().counts, sum: lag().sumS }],
    },
  };
}

interface CounterHandle {
  add: (value: number, labels?: Readonly<Record<string, string>>) => void;
}

/** States that a span does not leave again: those are counted, the others are gauges. */
const FINAL_STATES = [
  'rejected',
  'sampledOut',
  'droppedDuplicate',
  'droppedOverflow',
  'droppedAtEnd',
  'kept',
  'stored',
  'storeDropped',
] as const;

/** OpenMetrics text of the collector. The ledgers are the counters: their totals are carried over whenever somebody asks. */
export function createSelfMetrics(): (counts: SelfCounts) => Promise<{ contentType: string; body: string }> {
  let taps = sumReadings([]);
  const ofTaps = { ...lagTable(() => taps.lag), ...populationTable(() => taps.operations) };
  const metrics = defineMetrics({ ...TABLE, ...ofTaps });
  const advance = createAdvance();
  return ({ ledger, replayed, imbalances, receive, sampler, store, taps: newest }) => {
    taps = newest;
    advance(metrics.spans, ledger.received - replayed, { state: 'received' });
    advance(metrics.spans, replayed, { state: 'replayed' });
    advance(metrics.imbalances, imbalances);
    for (const state of FINAL_STATES) advance(metrics.spans, ledger[state], { state });
    for (const [reason, spans] of Object.entries(receive.rejections)) advance(metrics.rejected, spans, { reason });
    for (const [policy, { sampled, notSampled }] of Object.entries(receive.samplings)) {
      advance(metrics.spansSampled, sampled, { policy, sampled: 'true' });
      advance(metrics.spansSampled, notSampled, { policy, sampled: 'false' });
    }
    advance(metrics.requests, receive.requestsAccepted, { outcome: 'accepted' });
    advance(metrics.requests, receive.requestsRefused, { outcome: 'refused' });
    for (const [reason, requests] of Object.entries(receive.refusals)) advance(metrics.refused, requests, { reason });
    advance(metrics.requests, receive.requestsMalformed, { outcome: 'malformed' });
    advance(metrics.bytesReceived, receive.bytesReceived);
    advance(metrics.tracesDecided, sampler.tracesDecidedByRoot, { trigger: 'root' });
    advance(metrics.tracesDecided, sampler.tracesDecidedByWait, { trigger: 'wait' });
    advance(metrics.tracesDecided, sampler.tracesDecidedEarly, { trigger: 'early' });
    advance(metrics.tracesDecided, sampler.tracesDecidedTooLarge, { trigger: 'size' });
    advance(metrics.tracesDecided, sampler.tracesDecidedAtEnd, { trigger: 'end' });
    advance(metrics.late, sampler.late);
    advance(metrics.shed, sampler.shed);
    advance(metrics.policyErrors, sampler.policyErrors);
    metrics.spansPending.set(ledger.pending);
    metrics.spansQueued.set(ledger.storeQueued);
    metrics.tracesPending.set(sampler.tracesPending);
    metrics.bytesPending.set(sampler.bytesPending);
    metrics.bytesQueued.set(store.bytesQueued);
    const usage = readUsage();
    advance(metrics.cpu, usage.cpuUs / 1e6);
    metrics.resident.set(usage.residentBytes);
    return metrics.text();
  };
}

/** Adds to a counter what its total has grown by since the last time. */
function createAdvance(): (counter: CounterHandle, total: number, labels?: Readonly<Record<string, string>>) => void {
  const totals = new Map<CounterHandle, Map<string, number>>();
  return (counter, total, labels = {}) => {
    const series = totals.get(counter) ?? new Map<string, number>();
    totals.set(counter, series);
    const key = JSON.stringify(labels);
    counter.add(total - (series.get(key) ?? 0), labels);
    series.set(key, total);
  };
}
