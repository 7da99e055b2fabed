import assert from 'node:assert/strict';
import { afterEach, it } from 'node:test';
import { TRACER_SWITCH } from '@tracelab/protocol';
import type { SpanCounts, TracerSwitch } from '@tracelab/protocol';
import { createService } from './service.ts';

const COUNTS: SpanCounts = {
  spansCreated: 1000,
  spansSampled: 100,
  spansExported: 40,
  spansQueued: 10,
  spansDropped: { queue_full: 1, rejected: 2, refused: 3, timeout: 4, closed: 5, not_encodable: 6, no_exporter: 7 },
  requestsSent: 9,
  requestsRetried: 2,
  propagation: { baggageMembersDropped: 11, traceContextConflicts: 12 },
};
const holder = globalThis as { [TRACER_SWITCH]?: TracerSwitch };
const options = { urlOf: () => '', logLevel: 'silent', nowUnixMs: () => 0, random: () => 0.5, controlToken: '' };

async function scrape(): Promise<string[]> {
  const server = createService({ name: 'bank', summary: '', routes: () => [] }, options);
  await server.inject('/metrics');
  const answer = await server.inject('/metrics');
  await server.close();
  assert.match(String(answer.headers['content-type']), /openmetrics/);
  return answer.body.split('\n').filter((line) => /^(otel_|tracelab_tracer)/.test(line));
}
afterEach(() => delete holder[TRACER_SWITCH]);

it("a service's metrics say where every span of its tracer is, however often they are read", async () => {
  const sampler = { sampler: 'always_on' } as const;
  holder[TRACER_SWITCH] = { getSampler: () => sampler, setSampler: () => {}, counts: () => COUNTS };
  assert.deepEqual((await scrape()).toSorted(), [
    'otel_sdk_exporter_span_exported_total 40',
    'otel_sdk_exporter_span_exported_total{error_type="refused"} 3',
    'otel_sdk_exporter_span_exported_total{error_type="rejected"} 2',
    'otel_sdk_exporter_span_exported_total{error_type="timeout"} 4',
    'otel_sdk_processor_span_processed_total 49',
    'otel_sdk_processor_span_processed_total{error_type="closed"} 5',
    'otel_sdk_processor_span_processed_total{error_type="no_exporter"} 7',
    'otel_sdk_processor_span_processed_total{error_type="not_encodable"} 6',
    'otel_sdk_processor_span_processed_total{error_type="queue_full"} 1',
    'otel_sdk_processor_span_queue_size 10',
    'otel_sdk_span_live{otel_span_sampling_result="RECORD_AND_SAMPLE"} 22',
    'otel_sdk_span_started_total{otel_span_sampling_result="DROP"} 900',
    'otel_sdk_span_started_total{otel_span_sampling_result="RECORD_AND_SAMPLE"} 100',
    'tracelab_tracer_baggage_members_dropped_total 11',
    'tracelab_tracer_export_requests_retried_total 2',
    'tracelab_tracer_export_requests_total 9',
    'tracelab_tracer_trace_context_conflicts_total 12',
  ]);
});

it('a process without our tracer shows no such metric', async () => {
  assert.deepEqual(await scrape(), []);
});
