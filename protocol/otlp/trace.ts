/**
 * The OTLP trace model (opentelemetry-proto trace.proto 1.x) as plain data. Ids are lower-case hex text, times are
 * nanoseconds since the epoch as bigint; absent text is the empty string, as in proto3.
 */
export interface TracesData {
  resourceSpans: ResourceSpans[];
}

export interface ResourceSpans {
  resource: Resource;
  scopeSpans: ScopeSpans[];
  schemaUrl: string;
}

export interface Resource {
  attributes: KeyValue[];
  droppedAttributesCount: number;
}

export interface ScopeSpans {
  scope: InstrumentationScope;
  spans: Span[];
  schemaUrl: string;
}

export interface InstrumentationScope {
  name: string;
  version: string;
  attributes: KeyValue[];
  droppedAttributesCount: number;
}

export interface Span {
  traceId: string;
  spanId: string;
  traceState: string;
  /** Empty for a root span. */
  parentSpanId: string;
  name: string;
  kind: SpanKind;
  startTimeUnixNano: bigint;
  endTimeUnixNano: bigint;
  attributes: KeyValue[];
  droppedAttributesCount: number;
  events: SpanEvent[];
  droppedEventsCount: number;
  links: SpanLink[];
  droppedLinksCount: number;
  status: SpanStatus;
  /** W3C trace flags in bits 0 to 7, "is-remote known" in bit 8, "parent is remote" in bit 9. */
  flags: number;
}

export interface SpanEvent {
  timeUnixNano: bigint;
  name: string;
  attributes: KeyValue[];
  droppedAttributesCount: number;
}

export interface SpanLink {
  traceId: string;
  spanId: string;
  traceState: string;
  attributes: KeyValue[];
  droppedAttributesCount: number;
  flags: number;
}

export interface SpanStatus {
  code: StatusCode;
  message: string;
}

export interface KeyValue {
  key: string;
  value: AnyValue;
}

/** bigint is OTLP's int64, number its double; null is an AnyValue with nothing set. Key-value lists keep their order. */
export type AnyValue = string | boolean | bigint | number | Uint8Array | null | AnyValue[] | { keyValues: KeyValue[] };

export const SpanKind = { unspecified: 0, internal: 1, server: 2, client: 3, producer: 4, consumer: 5 } as const;
export type SpanKind = (typeof SpanKind)[keyof typeof SpanKind];

export const StatusCode = { unset: 0, ok: 1, error: 2 } as const;
export type StatusCode = (typeof StatusCode)[keyof typeof StatusCode];

/** Both tables count from 0 without a gap, so the code is the index. */
const KINDS: readonly SpanKind[] = Object.values(SpanKind);
const STATUS_CODES: readonly StatusCode[] = Object.values(StatusCode);

/** A kind that OTLP does not define counts as unspecified, as proto3's open enums ask for. */
export function toSpanKind(code: number): SpanKind {
  return KINDS[code] ?? SpanKind.unspecified;
}

export function toStatusCode(code: number): StatusCode {
  return STATUS_CODES[code] ?? StatusCode.unset;
}

/** OTLP's flag bits about the parent (trace.proto, SpanFlags). */
export const SPAN_FLAGS_IS_REMOTE_KNOWN = 0x100;
export const SPAN_FLAGS_IS_REMOTE = 0x200;
