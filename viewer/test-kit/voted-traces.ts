import { SpanKind } from '@tracelab/protocol';
import type { TracesData } from '@tracelab/protocol';
import { START_UNIX_NANO } from './known-traces.ts';
import { inOneList, makeTrace, traceIdOf } from './make-trace.ts';

/**
 * Of the known traces these keep the slow and the failed one, and sample the quick one out; a health check is dropped.
 * Without a root nothing is decided for a minute, with it after a tenth of a second.
 */
export const VOTED_POLICIES = `{ decision_wait: 60s, decision_wait_after_root_received: 100ms, policies: [
  { name: slow, type: latency, latency: { threshold_ms: 1000 } },
  { name: errors, type: status_code, status_code: { status_codes: [ERROR] } },
  { name: large-gold, type: and, and: { and_sub_policy: [
    { name: large, type: span_count, span_count: { min_spans: 100 } },
    { name: gold, type: string_attribute, string_attribute: { key: user.tier, values: [gold] } } ] } },
  { name: health-checks, type: drop, drop: { drop_sub_policy: [
    { name: is-health, type: string_attribute, string_attribute: { key: http.route, values: [/healthz] } } ] } } ] }`;

export const healthCheck = makeTrace({ seed: 21, startTimeUnixNano: START_UNIX_NANO }, [
  {
    service: 'gateway',
    name: 'GET /healthz',
    parent: -1,
    startMs: 0,
    durationMs: 1.4,
    kind: SpanKind.server,
    attributes: { 'http.route': '/healthz' },
  },
]);
export const healthCheckId = traceIdOf(healthCheck);

const inParts = makeTrace(
  { seed: 22, startTimeUnixNano: START_UNIX_NANO },
  inOneList({
    service: 'gateway',
    name: 'POST /checkout',
    startMs: 0,
    durationMs: 400,
    kind: SpanKind.server,
    children: [
      { service: 'checkout', name: 'POST /orders', startMs: 10, durationMs: 380, error: 'no stock' },
      { service: 'payments', name: 'POST /payments', startMs: 395, durationMs: 3 },
    ],
  }),
);
export const inPartsId = traceIdOf(inParts);
/** A trace's span of one service alone, as it comes when the services export one after the other. */
export const [rootPart, firstPart, latePart] = ['gateway', 'checkout', 'payments'].map(partOf) as [
  TracesData,
  TracesData,
  TracesData,
];

function partOf(service: string): TracesData {
  return {
    resourceSpans: inParts.resourceSpans.filter(({ resource }) =>
      resource.attributes.some(({ key, value }) => key === 'service.name' && value === service),
    ),
  };
}
