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
  pipelines:
    traces: { receivers: [otlp], processors: [tail_sampling, batch], exporters: [otlphttp] }
`;
}

/** Every trace to the sampler that its id belongs to, over gRPC: the only protocol of loadbalancing. */
export function routerConfig(of: { port: number; samplerPorts: readonly number[] }): string {
  const samplers = of.samplerPorts.map((port) => `"127.0.0.1:${port}"`).join(', ');
  return `
receivers:
  otlp:
    protocols:
      http: { endpoint: "127.0.0.1:${of.port}" }
exporters:
  loadbalancing:
    routing_key: traceID
    protocol: { otlp: { tls: { insecure: true }, compression: none } }
    resolver: { static: { hostnames: [${samplers}] } }
service:
  pipelines:
    traces: { receivers: [otlp], exporters: [loadbalancing] }
`;
}

/** In the place of all samplers behind a router. */
export function discardConfig(of: { port: number; samplerPorts: readonly number[] }): string {
  const receivers = of.samplerPorts.map(
    (port) => `  otlp/${port}: { protocols: { grpc: { endpoint: "127.0.0.1:${port}" } } }`,
  );
  const names = of.samplerPorts.map((port) => `otlp/${port}`).join(', ');
  return `
receivers:
  otlp: { protocols: { http: { endpoint: "127.0.0.1:${of.port}" } } }
${receivers.join('\n')}
exporters:
  nop:
service:
  pipelines:
    traces: { receivers: [otlp, ${names}], exporters: [nop] }
`;
}
