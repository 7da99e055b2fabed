import { OTLP_FIELDS } from '@tracelab/protocol';

/** Protobuf wire types (encoding specification). */
const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

function tag(field: number, wireType: number): number {
  return (field << 3) | wireType;
}

const { tracesData, resourceSpans, scopeSpans, span, event, link, status, keyValue, anyValue, list } = OTLP_FIELDS;

/** The tags of all that a span is written with: one byte each but for the span's flags, whose field number is 16. */
export const TAG = {
  tracesData: { resourceSpans: tag(tracesData.resourceSpans, LENGTH_DELIMITED) },
  resourceSpans: { scopeSpans: tag(resourceSpans.scopeSpans, LENGTH_DELIMITED) },
  scopeSpans: { spans: tag(scopeSpans.spans, LENGTH_DELIMITED) },
  span: {
    traceId: tag(span.traceId, LENGTH_DELIMITED),
    spanId: tag(span.spanId, LENGTH_DELIMITED),
    traceState: tag(span.traceState, LENGTH_DELIMITED),
    parentSpanId: tag(span.parentSpanId, LENGTH_DELIMITED),
    name: tag(span.name, LENGTH_DELIMITED),
    kind: tag(span.kind, VARINT),
    startTime: tag(span.startTimeUnixNano, FIXED64),
    endTime: tag(span.endTimeUnixNano, FIXED64),
    attributes: tag(span.attributes, LENGTH_DELIMITED),
    droppedAttributes: tag(span.droppedAttributesCount, VARINT),
    events: tag(span.events, LENGTH_DELIMITED),
    droppedEvents: tag(span.droppedEventsCount, VARINT),
    links: tag(span.links, LENGTH_DELIMITED),
    droppedLinks: tag(span.droppedLinksCount, VARINT),
    status: tag(span.status, LENGTH_DELIMITED),
    flags: tag(span.flags, FIXED32),
  },
  event: {
    time: tag(event.timeUnixNano, FIXED64),
    name: tag(event.name, LENGTH_DELIMITED),
    attributes: tag(event.attributes, LENGTH_DELIMITED),
    droppedAttributes: tag(event.droppedAttributesCount, VARINT),
  },
  link: {
    traceId: tag(link.traceId, LENGTH_DELIMITED),
    spanId: tag(link.spanId, LENGTH_DELIMITED),
    traceState: tag(link.traceState, LENGTH_DELIMITED),
    attributes: tag(link.attributes, LENGTH_DELIMITED),
    droppedAttributes: tag(link.droppedAttributesCount, VARINT),
    flags: tag(link.flags, FIXED32),
  },
  status: { message: tag(status.message, LENGTH_DELIMITED), code: tag(status.code, VARINT) },
  keyValue: { key: tag(keyValue.key, LENGTH_DELIMITED), value: tag(keyValue.value, LENGTH_DELIMITED) },
  anyValue: {
    string: tag(anyValue.string, LENGTH_DELIMITED),
    bool: tag(anyValue.bool, VARINT),
    int: tag(anyValue.int, VARINT),
    double: tag(anyValue.double, FIXED64),
    array: tag(anyValue.array, LENGTH_DELIMITED),
  },
  list: { values: tag(list.values, LENGTH_DELIMITED) },
} as const;

/** How many bytes a length takes. */
export function varintBytes(length: number): number {
  return length < 0x80 ? 1 : length < 0x4000 ? 2 : length < 0x20_0000 ? 3 : length < 0x1000_0000 ? 4 : 5;
}
