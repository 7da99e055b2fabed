/** What crosses a wire. Pure ECMAScript: no platform API, so that it runs in Node, a browser and k6 alike. */
export { LOOPBACK_HOST, PORTS, SERVICES, portFor, urlFor, urlVariable } from './addresses.ts';
export type { PortName, ServiceName } from './addresses.ts';
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
export { accept, assertNever, refuse } from './result.ts';
export type { Result } from './result.ts';
export { SAMPLER_NAMES, TRACER_SWITCH } from './tracer-switch.ts';
export type { SamplerName, SamplerSetting, SpanCounts, TracerSwitch } from './tracer-switch.ts';

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
export type { CartLine, CheckoutRequest, Order, PricedLine, Product } from './api/shop.ts';

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
