/**
 * Bytes of a span, to choose from where one's own are not known. The measured ones: OTLP protobuf, 512 spans a batch,
 * official OpenTelemetry serialisers, 2-core Linux VM, November 2026.
 */
export const SPAN_BYTES = {
  'no-attributes': { bytes: 96, source: 'protobuf, measured' },
  '4-attributes': { bytes: 207, source: 'protobuf, measured' },
  '4-attributes-1-event': { bytes: 245, source: 'protobuf, measured' },
  'http-server': { bytes: 459, source: 'protobuf, 12 attributes, measured' },
  'http-server-json': { bytes: 1086, source: 'OTLP JSON, 12 attributes, measured' },
  'dapper-2010': { bytes: 426, source: 'stored, Dapper 2010' },
  'slack-2020': { bytes: 235, source: 'stored, derived from what Slack published in 2020' },
} as const satisfies Record<string, { bytes: number; source: string }>;

/** How much smaller a store makes OTLP protobuf, measured on spans of 557 bytes with real cardinalities (index included). */
export const COMPRESSION = {
  none: { factor: 1, source: 'as it came' },
  sqlite: { factor: 557 / 118, source: "Tracelab's store: a row per trace, zstd with a dictionary, index included" },
  clickhouse: { factor: 557 / 66, source: 'otel_traces, merged parts, measured through chdb' },
  parquet: { factor: 557 / 43, source: 'columns, written by DuckDB' },
} as const satisfies Record<string, { factor: number; source: string }>;
