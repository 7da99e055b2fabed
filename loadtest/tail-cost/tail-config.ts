/** More than are ever undecided here, so that nothing is decided early. */
const TRACES_MAX = 1_000_000;

/** Errors, traces over half a second, and 5 % of the rest; what is kept goes nowhere, so that only sampling is paid for. */
export function tailConfig({ port, decisionWaitS }: { port: number; decisionWaitS: number }): string {
  return `
receivers:
  otlp:
    protocols:
      http: { endpoint: "127.0.0.1:${port}" }
processors:
  tail_sampling:
    decision_wait: ${decisionWaitS}s
    num_traces: ${TRACES_MAX}
    policies:
      - { name: errors, type: status_code, status_code: { status_codes: [ERROR] } }
      - { name: slow, type: latency, latency: { threshold_ms: 500 } }
      - { name: five-percent, type: probabilistic, probabilistic: { sampling_percentage: 5 } }
exporters:
  nop:
service:
  pipelines:
    traces: { receivers: [otlp], processors: [tail_sampling], exporters: [nop] }
`;
}
