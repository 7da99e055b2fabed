/**
 * OTLP's JSON form as we write it: ids in lower-case hex, 64-bit integers as text, enums as numbers, bytes in base64,
 * nothing that has its zero value (times, names and kinds excepted, which readers of others expect).
 */
export interface TracesDataJson {
  resourceSpans: ResourceSpansJson[];
}

export interface ResourceSpansJson {
  resource: ResourceJson;
  scopeSpans: ScopeSpansJson[];
  schemaUrl?: string;
}

export interface ResourceJson {
  attributes?: KeyValueJson[];
  droppedAttributesCount?: number;
}

export interface ScopeSpansJson {
  scope: ScopeJson;
  spans: SpanJson[];
  schemaUrl?: string;
}

export interface ScopeJson {
  name?: string;
  version?: string;
  attributes?: KeyValueJson[];
  droppedAttributesCount?: number;
}

export interface SpanJson {
  traceId: string;
  spanId: string;
  traceState?: string;
  parentSpanId?: string;
  flags?: number;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes?: KeyValueJson[];
  droppedAttributesCount?: number;
  events?: EventJson[];
  droppedEventsCount?: number;
  links?: LinkJson[];
  droppedLinksCount?: number;
  status?: { code?: number; message?: string };
}

export interface EventJson {
  timeUnixNano: string;
  name: string;
  attributes?: KeyValueJson[];
  droppedAttributesCount?: number;
}

export interface LinkJson {
  traceId: string;
  spanId: string;
  traceState?: string;
  attributes?: KeyValueJson[];
  droppedAttributesCount?: number;
  flags?: number;
}

export interface KeyValueJson {
  key: string;
  value: AnyValueJson;
}

/** A oneof: exactly one member, or none for the empty value. */
export interface AnyValueJson {
  stringValue?: string;
  boolValue?: boolean;
  intValue?: string;
  doubleValue?: number | 'NaN' | 'Infinity' | '-Infinity';
  arrayValue?: { values: AnyValueJson[] };
  kvlistValue?: { values: KeyValueJson[] };
  bytesValue?: string;
}
