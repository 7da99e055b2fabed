/** A tracer as an application has it: registered with the API, exporting over HTTP to OTEL_EXPORTER_OTLP_ENDPOINT. */
export interface RegisteredTracer {
  forceFlush: () => Promise<unknown>;
}
