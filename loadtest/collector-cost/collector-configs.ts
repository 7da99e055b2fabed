/** The same decision in both: everything is kept, so that every span is paid for to the end. */
const TRACES_MAX = 1_000_000;

/** Ours samples and stores. Its port comes from the environment. */
export function tracelabConfig(decisionWaitS: number): string {
  return `
receivers:
  otlp:
    protocols:
      http:
processors:
  tail_sampling:
    decision_wait: ${decisionWaitS}s
    num_traces: ${TRACES_MAX}
    policies: [{ name: keep-everything, type: always_sample }]
exporters:
  tracelab:
service:
  pipelines:
    traces: { receivers: [otlp], processors: [tail_sampling], exporters: [tracelab] }
`;
}

/** The OpenTelemetry Collector samples and exports, in batches, to a sink: it has no store of its own. */
export function otelcolConfig(of: { port: number; decisionWaitS: number; sinkUrl: string }): string {
  return `
receivers:
  otlp:
    protocols:
      http: { endpoint: "127.0.0.1:${of.port}" }
processors:
  tail_sampling:
    decision_wait: ${of.decisionWaitS}s
    num_traces: ${TRACES_MAX}
    policies: [{ name: keep-everything, type: always_sample }]
  batch:
exporters:
  otlphttp: { endpoint: "${of.sinkUrl}", compression: none }
service:
  telemetry: { metrics: { level: none }, logs: { level: error } }
  pipelines:
    traces: { receivers: [otlp], processors: [tail_sampling, batch], exporters: [otlphttp] }
`;
}
