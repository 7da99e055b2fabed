import { LIMITS, SAMPLER_NAMES } from '@tracelab/protocol';
import { parseHeaderList, parseResourceAttributes } from './key-value-list.ts';
import { parsePropagatorList, splitList } from './propagator-list.ts';
import { choice, custom, integer, toggle } from './setting.ts';
import type { Parsed } from './setting.ts';

const MAX = Number.MAX_SAFE_INTEGER;
/** setTimeout's own limit. */
const DELAY_MS_MAX = 2 ** 31 - 1;

/** Every variable that the tracer reads, declared once. Names and defaults are the OpenTelemetry specification's. */
export const SETTINGS = {
  sdkDisabled: toggle({ env: 'OTEL_SDK_DISABLED', default: false, description: 'no spans; propagators keep working' }),
  logLevel: choice({
    env: 'OTEL_LOG_LEVEL',
    choices: ['none', 'error', 'warn', 'info', 'debug', 'verbose', 'all'],
    default: 'info',
    description: 'how much the tracer says on standard error',
  }),
  serviceName: text('OTEL_SERVICE_NAME', 'service.name; beats OTEL_RESOURCE_ATTRIBUTES'),
  resourceAttributes: custom({
    env: 'OTEL_RESOURCE_ATTRIBUTES',
    default: {},
    parse: parseResourceAttributes,
    description: 'what the spans are about: key=value,key=value',
  }),
  propagators: custom({
    env: 'OTEL_PROPAGATORS',
    default: ['tracecontext', 'baggage'],
    parse: parsePropagatorList,
    description: 'how context crosses processes, in this order: tracecontext, baggage, b3, b3multi, or none',
  }),
  isIncomingTrusted: toggle({
    env: 'TRACELAB_TRUST_INCOMING',
    default: true,
    description: 'false at the public edge: traces start here, whatever context strangers send',
  }),
  baggageHosts: custom<readonly string[]>({
    env: 'TRACELAB_BAGGAGE_HOSTS',
    default: [],
    parse: (list) => ({ value: splitList(list) }),
    description: 'hosts that baggage may go to over HTTP: shop.example, or .example for all below; absent: every host',
  }),
  baggageAttributes: custom<readonly string[]>({
    env: 'TRACELAB_BAGGAGE_ATTRIBUTES',
    default: [],
    parse: (list) => ({ value: splitList(list) }),
    description: 'keys of baggage to copy into the attributes of each recorded span, or * for all',
  }),
  sampler: choice({
    env: 'OTEL_TRACES_SAMPLER',
    choices: SAMPLER_NAMES,
    default: 'parentbased_always_on',
    description: 'which traces are kept at their start',
  }),
  /** What the sampler makes of it is judged when both are known (read-settings.ts). */
  samplerArg: custom<number | string | undefined>({
    env: 'OTEL_TRACES_SAMPLER_ARG',
    default: undefined,
    parse: (value) => ({ value }),
    description:
      'ratio or probability, 0 to 1; traces per second; endpoint=http://host:5778,pollingIntervalMs=60000,initialSamplingRate=0.001',
  }),
  exporter: choice({
    env: 'OTEL_TRACES_EXPORTER',
    choices: ['otlp', 'none'],
    default: 'otlp',
    description: 'where finished spans go',
  }),
  endpoint: custom<string>({
    env: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    default: '',
    parse: parseHttpUrl,
    description:
      'base address of the collector, v1/traces is appended; absent: http://localhost:4318, for gRPC http://localhost:4317',
  }),
  tracesEndpoint: custom<string>({
    env: 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
    default: '',
    parse: parseHttpUrl,
    description: 'address for traces; over HTTP it is used as it is',
  }),
  headers: custom({
    env: ['OTEL_EXPORTER_OTLP_TRACES_HEADERS', 'OTEL_EXPORTER_OTLP_HEADERS'],
    default: {},
    parse: parseHeaderList,
    description: 'headers of every export request: key=value,key=value',
  }),
  exportAttemptTimeoutMs: integer({
    env: ['OTEL_EXPORTER_OTLP_TRACES_TIMEOUT', 'OTEL_EXPORTER_OTLP_TIMEOUT'],
    default: 10_000,
    min: 1,
    max: DELAY_MS_MAX,
    description: 'how long one export request may take, in milliseconds',
  }),
  protocol: choice({
    env: ['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', 'OTEL_EXPORTER_OTLP_PROTOCOL'],
    choices: ['http/protobuf', 'http/json', 'grpc'],
    default: 'http/protobuf',
    description: 'how spans are sent; http/json is for debugging',
  }),
  compression: choice({
    env: ['OTEL_EXPORTER_OTLP_TRACES_COMPRESSION', 'OTEL_EXPORTER_OTLP_COMPRESSION'],
    choices: ['none', 'gzip'],
    default: 'none',
    description: 'of export requests',
  }),
  certificate: file('CERTIFICATE', "PEM file of the certificates to trust in place of the system's"),
  clientKey: file('CLIENT_KEY', 'PEM file of our private key, for mutual TLS'),
  clientCertificate: file('CLIENT_CERTIFICATE', 'PEM file of our certificate, for mutual TLS'),
  scheduleDelayMs: integer({
    env: 'OTEL_BSP_SCHEDULE_DELAY',
    default: 5000,
    min: 0,
    max: DELAY_MS_MAX,
    description: 'a finished span waits at most this long before it is sent, in milliseconds',
  }),
  exportTimeoutMs: integer({
    env: 'OTEL_BSP_EXPORT_TIMEOUT',
    default: 30_000,
    min: 1,
    max: DELAY_MS_MAX,
    description: 'a batch is given up when a try fails after this long, in milliseconds',
  }),
  queueSpansMax: integer({
    env: 'OTEL_BSP_MAX_QUEUE_SIZE',
    default: 2048,
    min: 1,
    max: MAX,
    description: 'spans held at most, those being sent included; more are dropped and counted',
  }),
  batchSpansMax: integer({
    env: 'OTEL_BSP_MAX_EXPORT_BATCH_SIZE',
    default: 512,
    min: 1,
    max: MAX,
    description: 'spans in one export request; at most the queue size',
  }),
  attributesMax: limit(['OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT', 'OTEL_ATTRIBUTE_COUNT_LIMIT'], LIMITS.spanAttributesMax),
  attributeLengthMax: integer({
    env: ['OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT', 'OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT'],
    default: Infinity,
    min: 0,
    max: MAX,
    description: 'longer texts of attributes are cut; absent: none',
  }),
  eventsMax: limit('OTEL_SPAN_EVENT_COUNT_LIMIT', LIMITS.spanEventsMax),
  eventAttributesMax: limit(
    ['OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT', 'OTEL_ATTRIBUTE_COUNT_LIMIT'],
    LIMITS.eventAttributesMax,
  ),
  linksMax: limit('OTEL_SPAN_LINK_COUNT_LIMIT', LIMITS.spanLinksMax),
  linkAttributesMax: limit(['OTEL_LINK_ATTRIBUTE_COUNT_LIMIT', 'OTEL_ATTRIBUTE_COUNT_LIMIT'], LIMITS.linkAttributesMax),
  clockOffsetMs: integer({
    env: 'TRACELAB_CLOCK_OFFSET_MS',
    default: 0,
    min: -LIMITS.clockOffsetMsMax,
    max: LIMITS.clockOffsetMsMax,
    description: 'sets the wall clock of spans wrong on purpose, in milliseconds, ahead where positive',
  }),
  ignorePaths: custom<readonly string[]>({
    env: 'TRACELAB_IGNORE_PATHS',
    default: [],
    parse: (list) => ({ value: splitList(list) }),
    description: 'path prefixes whose requests make no spans, inner ones neither',
  }),
};

function text(env: string | readonly string[], description: string) {
  return custom<string>({ env, default: '', parse: (value) => ({ value }), description });
}

function file(name: string, description: string) {
  return text([`OTEL_EXPORTER_OTLP_TRACES_${name}`, `OTEL_EXPORTER_OTLP_${name}`], description);
}

function limit(env: string | readonly string[], defaultMax: number) {
  return integer({
    env,
    default: defaultMax,
    min: 0,
    max: MAX,
    description: 'a bound of one span; more is dropped and counted',
  });
}

function parseHttpUrl(value: string): Parsed<string> {
  const protocol = URL.canParse(value) ? new URL(value).protocol : '';
  const isHttp = protocol === 'http:' || protocol === 'https:';
  return isHttp ? { value } : { complaint: `should be an http:// or https:// address: was "${value}"` };
}
