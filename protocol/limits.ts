/** Every bound of what crosses a wire, with the rule it comes from. What happens at a bound is said where it is applied. */
export const LIMITS = {
  /** OTLP 1.x recommends 64 MiB for a request, counted again after decompression. */
  otlpRequestBytesMax: 64 * 1024 * 1024,
  otlpResponseBytesMax: 4 * 1024 * 1024,
  /** How long a request may take to arrive, body and all: a sender that stops in the middle must not hold on for ever. */
  requestArrivalMsMax: 60_000,
  /** Depth of nested AnyValue lists: deeper input is refused, so that no input can exhaust the stack. */
  anyValueDepthMax: 32,
  /**
   * Objects that a decoder builds for one request, a span counting as spanObjects: an empty span is two bytes on the wire
   * and some 300 in memory, so that the limit on bytes alone would not bound memory. 64 MiB of ordinary spans stay below.
   */
  otlpObjectsMax: 4_000_000,
  spanObjects: 8,
  /** Groups are deprecated and only skipped: protobuf's own parsers stop at this depth. */
  protobufGroupDepthMax: 100,
  traceparentLengthMax: 512,
  /** W3C Trace Context level 2, 3.3: members, and the length of a key and of a value. */
  tracestateMembersMax: 32,
  tracestateKeyLengthMax: 256,
  tracestateValueLengthMax: 256,
  tracestateLengthMax: 32 * 513,
  /** W3C Baggage 3.3.2: at least these must be propagated. */
  baggageMembersMax: 64,
  baggageBytesMax: 8192,
  /** How much of a received baggage header is looked at, so that the count of dropped members costs bounded work. */
  baggageScanLengthMax: 65_536,
  /** A longer name is no name of an operation: the span is rejected. */
  spanNameLengthMax: 8192,
  /** OpenTelemetry's defaults (specification, SDK environment variables). */
  spanAttributesMax: 128,
  spanEventsMax: 128,
  spanLinksMax: 128,
  eventAttributesMax: 128,
  linkAttributesMax: 128,
  /** Bodies of the shop's and the control's JSON APIs. */
  jsonBodyBytesMax: 256 * 1024,
  cartLinesMax: 50,
  lineQuantityMax: 100,
  faultsMax: 100,
  /** The skews of real machines, and no more than a store of hours still files beside the rest. */
  clockOffsetMsMax: 3_600_000,
  injectionsKeptMax: 10_000,
} as const;
