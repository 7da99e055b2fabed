import type {
  InstrumentationScope,
  Resource,
  ResourceSpans,
  ScopeSpans,
  Span,
  SpanEvent,
  SpanLink,
  SpanStatus,
} from './trace.ts';
import { SpanKind, StatusCode } from './trace.ts';

/** OTLP's messages with nothing set, as proto3 defines it: where decoding begins, and what a span literal spreads. */
export function emptySpan(): Span {
  return {
    traceId: '',
    spanId: '',
    traceState: '',
    parentSpanId: '',
    name: '',
    kind: SpanKind.unspecified,
    startTimeUnixNano: 0n,
    endTimeUnixNano: 0n,
    attributes: [],
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    status: emptyStatus(),
    flags: 0,
  };
}

export function emptyStatus(): SpanStatus {
  return { code: StatusCode.unset, message: '' };
}

export function emptyEvent(): SpanEvent {
  return { timeUnixNano: 0n, name: '', attributes: [], droppedAttributesCount: 0 };
}

export function emptyLink(): SpanLink {
  return { traceId: '', spanId: '', traceState: '', attributes: [], droppedAttributesCount: 0, flags: 0 };
}

export function emptyResource(): Resource {
  return { attributes: [], droppedAttributesCount: 0 };
}

export function emptyScope(): InstrumentationScope {
  return { name: '', version: '', attributes: [], droppedAttributesCount: 0 };
}

export function emptyScopeSpans(): ScopeSpans {
  return { scope: emptyScope(), spans: [], schemaUrl: '' };
}

export function emptyResourceSpans(): ResourceSpans {
  return { resource: emptyResource(), scopeSpans: [], schemaUrl: '' };
}
