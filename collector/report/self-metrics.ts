import { defineMetrics, readUsage } from '@tracelab/command';
import type { Ledger } from '@tracelab/protocol';
import type { ReceiveLedger } from '../receive/receive-ledger.ts';
import type { SamplerLedger } from '../sample/sampler.ts';
import type { StoreCounts } from '../store/trace-store.ts';

/** What the collector tells of itself; the counters are totals since it started. */
const TABLE = {
  spans: {
    type: 'gauge',
    name: 'collector_spans',
    help: 'Spans by their state in the ledger; received is their sum without stored, storeQueued and storeDropped.',
    labels: ['state'],
  },
  rejected: {
    type: 'gauge',
    name: 'collector_rejected_spans',
    help: 'Spans rejected one by one, by reason.',
    labels: ['reason'],
  },
  requests: { type: 'gauge', name: 'collector_requests', help: 'OTLP requests by outcome.', labels: ['outcome'] },
  bytesReceived: {
    type: 'gauge',
    name: 'collector_received_bytes',
    help: 'Bodies of accepted requests after decompression.',
  },
  tracesDecided: {
    type: 'gauge',
    name: 'collector_decided_traces',
    help: 'Decided traces by what triggered the decision.',
    labels: ['trigger'],
  },
  late: {
    type: 'gauge',
    name: 'collector_late_spans',
    help: 'Spans that came after the decision on their trace and followed it.',
  },
  tracesPending: { type: 'gauge', name: 'collector_pending_traces', help: 'Traces that are not yet decided.' },
  bytesPending: {
    type: 'gauge',
    name: 'collector_pending_bytes',
    help: 'Memory of the traces that are not yet decided.',
  },
  storeQueue: { type: 'gauge', name: 'collector_store_queue_bytes', help: 'Kept spans that wait for the store.' },
  cpu: { type: 'gauge', name: 'collector_cpu_seconds', help: 'CPU time of the process.' },
  resident: { type: 'gauge', name: 'collector_resident_bytes', help: 'Resident memory of the process.' },
} as const;

export interface SelfCounts {
  ledger: Ledger;
  receive: ReceiveLedger;
  sampler: SamplerLedger;
  store: StoreCounts;
}

/** OpenMetrics text of the collector itself. Totals are set when asked for, hence gauges: the ledgers are the counters. */
export function createSelfMetrics(): (counts: SelfCounts) => Promise<{ contentType: string; body: string }> {
  const metrics = defineMetrics(TABLE);
  return ({ ledger, receive, sampler, store }) => {
    for (const [state, spans] of Object.entries(ledger)) metrics.spans.set(spans as number, { state });
    for (const [reason, spans] of Object.entries(receive.rejections)) metrics.rejected.set(spans, { reason });
    metrics.requests.set(receive.requestsAccepted, { outcome: 'accepted' });
    metrics.requests.set(receive.requestsRefused, { outcome: 'refused' });
    metrics.requests.set(receive.requestsMalformed, { outcome: 'malformed' });
    metrics.bytesReceived.set(receive.bytesReceived);
    metrics.tracesDecided.set(sampler.tracesDecidedByRoot, { trigger: 'root' });
    metrics.tracesDecided.set(sampler.tracesDecidedByWait, { trigger: 'wait' });
    metrics.tracesDecided.set(sampler.tracesDecidedEarly, { trigger: 'early' });
    metrics.tracesDecided.set(sampler.tracesDecidedAtEnd, { trigger: 'end' });
    metrics.late.set(sampler.late);
    metrics.tracesPending.set(sampler.tracesPending);
    metrics.bytesPending.set(sampler.bytesPending);
    metrics.storeQueue.set(store.bytesQueued);
    const usage = readUsage();
    metrics.cpu.set(usage.cpuUs / 1e6);
    metrics.resident.set(usage.residentBytes);
    return metrics.text();
  };
}
