/** What crosses a wire. Pure ECMAScript: no platform API, so that it runs in Node, a browser and k6 alike. */
export { isRecord } from './json-record.ts';
export { LOOPBACK_HOST, PORTS, SERVICES, portFor, urlFor, urlVariable } from './addresses.ts';
export type { PortName, ServiceName } from './addresses.ts';
export { readClockOffset } from './clock-offset.ts';
export type { ClockOffset } from './clock-offset.ts';
export { ERRORS, errorBody } from './errors.ts';
export type { ErrorBody, ErrorCode } from './errors.ts';
export {
  SPAN_ID_BYTES,
  SPAN_ID_INVALID,
  TRACE_ID_BYTES,
  TRACE_ID_INVALID,
  bytesFromHex,
  createIdGenerator,
  hexFromBytes,
  isLowerHex,
  isSpanId,
  isTraceId,
} from './ids.ts';
export type { FillRandom } from './ids.ts';
export { LIMITS } from './limits.ts';
export { createRandom, shuffle } from './random.ts';
export type { Random } from './random.ts';
export { accept, assertNever, refuse } from './result.ts';
export type { Result } from './result.ts';
export {
  MACHINE_AT_START_FIELDS,
  MEASURED_MACHINE_FIELDS,
  flawOfOptionalFields,
  flawOfFields,
  flawOfItems,
  flawOfList,
  parseResultObject,
} from './saved-result.ts';
export { SPAN_DROP_REASONS, TRACER_SWITCH, spansDroppedTotal } from './tracer-switch.ts';
export type {
  PropagationCounts,
  RemoteSamplerReport,
  SamplerReport,
  SpanCounts,
  SpanDropReason,
  TracerSwitch,
} from './tracer-switch.ts';
export { SAMPLER_NAMES, parseRemoteSamplerArg, readSamplerSetting, samplerSettingFromText } from './sampler-setting.ts';
export type { RemoteSamplerOptions, SamplerName, SamplerSetting } from './sampler-setting.ts';
export { SAMPLING_OPERATIONS_MAX, SAMPLING_RATE_PER_SECOND_MAX, readSamplingStrategy } from './sampling-strategy.ts';
export type { SamplingStrategy } from './sampling-strategy.ts';

export { COLLECTOR_LOADS, COLLECTOR_NAMES, parseCollectorCost } from './api/collector-cost.ts';
export type {
  CollectorBlock,
  CollectorBuffer,
  CollectorBufferSample,
  CollectorCostResult,
  CollectorLoad,
  CollectorName,
} from './api/collector-cost.ts';
export type {
  Abort,
  Delay,
  Fault,
  FaultMatch,
  FaultSpec,
  Injection,
  InjectionsReply,
  LabPorts,
  LabTracing,
  LoadSetting,
  ProcessReport,
  ProcessStatus,
  RecordedInjection,
  ServiceState,
  ServiceUsage,
} from './api/control.ts';
export type { ExplainReply, Explanation, LateSpans, PolicyVote, TraceCompleteness } from './api/explain.ts';
export type {
  Ledger,
  OperationsReply,
  ServiceSpanCount,
  ServicesReply,
  StoredEvent,
  TraceReply,
  TraceSearchReply,
  TraceSummary,
} from './api/query.ts';
export { EMPTY_LEDGER } from './api/query.ts';
export type { CartLine, CheckoutRequest, Order, PricedLine, Product } from './api/shop.ts';

export {
  emptyEvent,
  emptyLink,
  emptyResource,
  emptyResourceSpans,
  emptyScope,
  emptyScopeSpans,
  emptySpan,
  emptyStatus,
} from './otlp/empty.ts';
export { OTLP_FIELDS } from './otlp/fields.ts';
export { tracesDataFromJson } from './otlp/from-json.ts';
export type {
  AnyValueJson,
  EventJson,
  KeyValueJson,
  LinkJson,
  ResourceJson,
  ResourceSpansJson,
  ScopeJson,
  ScopeSpansJson,
  SpanJson,
  TracesDataJson,
} from './otlp/json-shapes.ts';
export { isKeyValueList, readKeyValueInto } from './otlp/read-attributes.ts';
export { decodeSpan, decodeTracesData } from './otlp/read-trace.ts';
export {
  RpcCode,
  decodeExportResponse,
  decodeRpcStatus,
  encodeExportResponse,
  encodeRpcStatus,
  exportResponseFromJson,
  exportResponseToJson,
} from './otlp/response.ts';
export type { ExportResponse, RpcStatus } from './otlp/response.ts';
export { spanToJson, tracesDataToJson } from './otlp/to-json.ts';
export { SPAN_FLAGS_IS_REMOTE, SPAN_FLAGS_IS_REMOTE_KNOWN, SpanKind, StatusCode } from './otlp/trace.ts';
export type {
  AnyValue,
  InstrumentationScope,
  KeyValue,
  Resource,
  ResourceSpans,
  ScopeSpans,
  Span,
  SpanEvent,
  SpanLink,
  SpanStatus,
  TracesData,
} from './otlp/trace.ts';
export { validateSpan } from './otlp/validate-span.ts';
export { writeKeyValue, writeKeyValues } from './otlp/write-attributes.ts';
export {
  encodeTracesData,
  writeEvent,
  writeLink,
  writeResource,
  writeScope,
  writeSpan,
  writeStatus,
} from './otlp/write-trace.ts';
export { tracesDataFromZipkin } from './zipkin/from-json.ts';
export { ProtobufReader } from './protobuf/reader.ts';
export { WireType } from './protobuf/wire-type.ts';
export { ProtobufWriter } from './protobuf/writer.ts';
export { base64Decode, base64Encode } from './text/base64.ts';
export { UTF8_BYTES_PER_UNIT_MAX, utf8Decode, utf8Encode, utf8Write } from './text/utf8.ts';
export { B3_HEADERS, formatB3Multi, formatB3Single, parseB3Multi, parseB3Single } from './trace-context/b3.ts';
export type { B3Context, B3Headers, B3Ids, B3State } from './trace-context/b3.ts';
export { formatBaggage, parseBaggage } from './trace-context/baggage.ts';
export type { BaggageMember } from './trace-context/baggage.ts';
export { OT_KEY, OT_RANDOMNESS, OT_THRESHOLD, formatOtMember, parseOtMember } from './trace-context/ot-member.ts';
export type { OtMember } from './trace-context/ot-member.ts';
export {
  PROBABILITY_MIN,
  THRESHOLD_ALWAYS,
  THRESHOLD_NEVER,
  adjustedCountFromThreshold,
  formatRandomness,
  formatThreshold,
  isAtLeast,
  parseRandomness,
  parseThreshold,
  probabilityFromThreshold,
  thresholdFromProbability,
} from './trace-context/threshold.ts';
export type { Bits56 } from './trace-context/threshold.ts';
export {
  TRACE_FLAG_RANDOM,
  TRACE_FLAG_SAMPLED,
  formatTraceparent,
  parseTraceparent,
} from './trace-context/traceparent.ts';
export type { TraceParent } from './trace-context/traceparent.ts';
export {
  deleteTracestateMember,
  formatTracestate,
  parseTracestate,
  setTracestateMember,
} from './trace-context/tracestate.ts';
export type { TraceStateMember } from './trace-context/tracestate.ts';
