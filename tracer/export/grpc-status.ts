import { OTLP_FIELDS, ProtobufReader, WireType, base64Decode } from '@tracelab/protocol';
import { unreachable } from './transport.ts';
import type { SendOutcome } from './transport.ts';

/** gRPC's status codes, and which of them OTLP lets be tried again; RESOURCE_EXHAUSTED only if the server says when. */
const STATUS_NAMES = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
] as const;
type StatusName = (typeof STATUS_NAMES)[number];
const RETRYABLE: ReadonlySet<StatusName> = new Set([
  'CANCELLED',
  'DEADLINE_EXCEEDED',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNAVAILABLE',
  'DATA_LOSS',
]);

/** gRPC's own mapping, for proxies that answer with plain HTTP (http-grpc-status-mapping.md). */
const STATUS_OF_HTTP: Readonly<Record<number, StatusName>> = {
  400: 'INTERNAL',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'UNIMPLEMENTED',
  429: 'UNAVAILABLE',
  502: 'UNAVAILABLE',
  503: 'UNAVAILABLE',
  504: 'UNAVAILABLE',
};

const MESSAGE_LENGTH_MAX = 200;
const RETRY_INFO = 'google.rpc.RetryInfo';

/** The trailers of a call, or its headers where there is no body. */
export type GrpcTrailers = Readonly<Record<string, string | string[] | number | undefined>>;

/** What a call that failed means. Undefined: it succeeded. An absent HTTP status: nothing was answered at all. */
export function judgeGrpcStatus(trailers: GrpcTrailers, httpStatus: number | undefined): SendOutcome | undefined {
  const code = trailers['grpc-status'];
  if (code === undefined) {
    if (httpStatus === undefined || httpStatus === 200) return unreachable('the call ended without a status');
    return failure(STATUS_OF_HTTP[httpStatus] ?? 'UNKNOWN', `HTTP status ${httpStatus}`, undefined);
  }
  const name = STATUS_NAMES[Number(code)] ?? 'UNKNOWN';
  if (name === 'OK') return undefined;
  return failure(name, grpcMessage(trailers['grpc-message']), retryDelayMs(trailers['grpc-status-details-bin']));
}

function failure(name: StatusName, message: string, retryAfterMs: number | undefined): SendOutcome {
  const reason = `the answer was ${name}${message === '' ? '' : `: ${message}`}`;
  const isRetryable = RETRYABLE.has(name) || (name === 'RESOURCE_EXHAUSTED' && retryAfterMs !== undefined);
  if (!isRetryable) return { kind: 'refused', reason };
  return { kind: 'retryable', reason, isUnreachable: false, retryAfterMs };
}

/** Percent-encoded UTF-8; a broken encoding is shown as it is (gRPC over HTTP/2, Responses). */
function grpcMessage(header: GrpcTrailers[string]): string {
  const text = typeof header === 'string' ? header : '';
  try {
    return decodeURIComponent(text).slice(0, MESSAGE_LENGTH_MAX);
  } catch {
    return text.slice(0, MESSAGE_LENGTH_MAX);
  }
}

/** RetryInfo.retry_delay out of a google.rpc.Status; undefined where there is none or it cannot be read. */
function retryDelayMs(header: GrpcTrailers[string]): number | undefined {
  const bytes = typeof header === 'string' ? base64Decode(header) : undefined;
  if (bytes === undefined) return undefined;
  const reader = new ProtobufReader(bytes);
  let delayMs: number | undefined;
  while (reader.next()) {
    if (!isMessage(reader, OTLP_FIELDS.rpcStatus.details)) continue;
    const end = reader.enter();
    delayMs = readRetryInfo(reader) ?? delayMs;
    reader.leave(end);
  }
  return reader.malformed === undefined ? delayMs : undefined;
}

function readRetryInfo(any: ProtobufReader): number | undefined {
  let typeUrl = '';
  let delayMs: number | undefined;
  while (any.next()) {
    if (isMessage(any, OTLP_FIELDS.any.typeUrl)) typeUrl = any.text;
    else if (isMessage(any, OTLP_FIELDS.any.value)) delayMs = readRetryDelay(new ProtobufReader(any.bytes));
  }
  return typeUrl.endsWith(`/${RETRY_INFO}`) ? delayMs : undefined;
}

function readRetryDelay(info: ProtobufReader): number | undefined {
  let delayMs: number | undefined;
  while (info.next()) {
    if (!isMessage(info, OTLP_FIELDS.retryInfo.retryDelay)) continue;
    const end = info.enter();
    delayMs = readDuration(info);
    info.leave(end);
  }
  return delayMs;
}

function readDuration(reader: ProtobufReader): number {
  let ms = 0;
  while (reader.next()) {
    if (reader.wireType !== WireType.varint) continue;
    if (reader.field === OTLP_FIELDS.duration.seconds) ms += Number(reader.varintSigned) * 1000;
    if (reader.field === OTLP_FIELDS.duration.nanos) ms += Number(reader.varintSigned) / 1e6;
  }
  return Math.max(0, ms);
}

function isMessage(reader: ProtobufReader, field: number): boolean {
  return reader.field === field && reader.wireType === WireType.lengthDelimited;
}
