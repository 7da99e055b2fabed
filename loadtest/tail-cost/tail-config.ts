import { SEVEN_SERVICES, spansPerTrace } from '../otlp-load/trace-shape.ts';

export interface TailLoad {
  decisionWaitS: number;
  /** More than this is not expected. */
  spansPerSecond: number;
}

/**
 * Errors, traces over half a second, and 5 % of the rest; what is kept goes nowhere, so that only sampling is paid for. Twice
 * the traces fit that are undecided, so that none is decided early; no more, since the OpenTelemetry Collector remembers as many.
 */
export function tailConfig({ port, decisionWaitS, spansPerSecond }: TailLoad & { port: number }): string {
  const tracesMax = Math.ceil((2 * spansPerSecond * decisionWaitS) / spansPerTrace(SEVEN_SERVICES));
  return `
receivers:
  otlp:
    protocols:
      http: { endpoint: "127.0.0.1:${port}" }
processors:
  tail_sampling:
    decision_wait: ${decisionWaitS}s
    num_traces: ${tracesMax}
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
