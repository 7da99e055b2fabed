import { isRecord } from '../json-record.ts';
import { readFields, readMessage } from '../protobuf/message.ts';
import type { MessageRules } from '../protobuf/message.ts';
import { ProtobufReader } from '../protobuf/reader.ts';
import { WireType } from '../protobuf/wire-type.ts';
import { ProtobufWriter } from '../protobuf/writer.ts';
import { accept, refuse } from '../result.ts';
import type { Result } from '../result.ts';
import { OTLP_FIELDS } from './fields.ts';

/** ExportTraceServiceResponse. All accepted: 0 and ''; a warning: 0 and a message. */
export interface ExportResponse {
  rejectedSpans: number;
  errorMessage: string;
}

/** google.rpc.Status: the body of every OTLP error. The code is gRPC's; over HTTP clients must not act on it. */
export interface RpcStatus {
  code: number;
  message: string;
  /** When to come back, whole seconds: written as the one detail that OTLP knows, a RetryInfo. Over HTTP a header says it. */
  retryAfterS?: number;
}

/** The codes of gRPC (google.rpc.Code) that an OTLP receiver answers with. */
export const RpcCode = {
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  resourceExhausted: 8,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
} as const;

const PARTIAL_SUCCESS = OTLP_FIELDS.partialSuccess;
const RPC_STATUS = OTLP_FIELDS.rpcStatus;

/** No bytes at all for a full success: OTLP wants `partial_success` unset. */
export function encodeExportResponse(response: ExportResponse): Uint8Array {
  const writer = new ProtobufWriter(64);
  if (isFullSuccess(response)) return writer.finish();
  writer.message(OTLP_FIELDS.exportResponse.partialSuccess, () => {
    if (response.rejectedSpans !== 0) writer.varint(PARTIAL_SUCCESS.rejectedSpans, response.rejectedSpans);
    if (response.errorMessage !== '') writer.string(PARTIAL_SUCCESS.errorMessage, response.errorMessage);
  });
  return writer.finish();
}

/** Never throws. */
export function decodeExportResponse(bytes: Uint8Array): Result<ExportResponse> {
  return decode(bytes, EXPORT_RESPONSE_RULES, { rejectedSpans: 0, errorMessage: '' });
}

/** By the OTLP JSON rules: `{}` for a full success, the 64-bit count as text. */
export function exportResponseToJson(response: ExportResponse): object {
  if (isFullSuccess(response)) return {};
  const { rejectedSpans, errorMessage } = response;
  return {
    partialSuccess: {
      ...(rejectedSpans === 0 ? {} : { rejectedSpans: String(rejectedSpans) }),
      ...(errorMessage === '' ? {} : { errorMessage }),
    },
  };
}

/** Never throws: whatever is no partial success is a full one. */
export function exportResponseFromJson(json: unknown): ExportResponse {
  const partial = isRecord(json) ? json['partialSuccess'] : undefined;
  if (!isRecord(partial)) return { rejectedSpans: 0, errorMessage: '' };
  const { rejectedSpans, errorMessage } = partial;
  // By the JSON rules a 64-bit count is text or a number.
  const isCount =
    typeof rejectedSpans === 'number' || (typeof rejectedSpans === 'string' && /^-?\d+$/.test(rejectedSpans));
  return {
    rejectedSpans: isCount ? Number(rejectedSpans) : 0,
    errorMessage: typeof errorMessage === 'string' ? errorMessage : '',
  };
}

function isFullSuccess(response: ExportResponse): boolean {
  return response.rejectedSpans === 0 && response.errorMessage === '';
}

export function encodeRpcStatus(status: RpcStatus): Uint8Array {
  const writer = new ProtobufWriter(64);
  if (status.code !== 0) writer.varint(RPC_STATUS.code, status.code);
  if (status.message !== '') writer.string(RPC_STATUS.message, status.message);
  if (status.retryAfterS !== undefined) writeRetryInfo(writer, status.retryAfterS);
  return writer.finish();
}

function writeRetryInfo(writer: ProtobufWriter, retryAfterS: number): void {
  const { any, retryInfo, duration } = OTLP_FIELDS;
  writer.message(RPC_STATUS.details, () => {
    writer.string(any.typeUrl, 'type.googleapis.com/google.rpc.RetryInfo');
    writer.message(any.value, () =>
      writer.message(retryInfo.retryDelay, () => writer.varint(duration.seconds, retryAfterS)),
    );
  });
}

/** Never throws. */
export function decodeRpcStatus(bytes: Uint8Array): Result<RpcStatus> {
  return decode(bytes, RPC_STATUS_RULES, { code: 0, message: '' });
}

function decode<Target>(bytes: Uint8Array, rules: MessageRules<Target>, target: Target): Result<Target> {
  const reader = new ProtobufReader(bytes);
  readFields(reader, rules, target);
  return reader.malformed === undefined ? accept(target) : refuse(`malformed protobuf: ${reader.malformed}`);
}

const PARTIAL_SUCCESS_RULES: MessageRules<ExportResponse> = {
  [PARTIAL_SUCCESS.rejectedSpans]: {
    wireType: WireType.varint,
    read: (reader, response) => (response.rejectedSpans = Number(reader.varintSigned)),
  },
  [PARTIAL_SUCCESS.errorMessage]: {
    wireType: WireType.lengthDelimited,
    read: (reader, response) => (response.errorMessage = reader.text),
  },
};

const EXPORT_RESPONSE_RULES: MessageRules<ExportResponse> = {
  [OTLP_FIELDS.exportResponse.partialSuccess]: {
    wireType: WireType.lengthDelimited,
    read: (reader, response) => readMessage(reader, PARTIAL_SUCCESS_RULES, response),
  },
};

const RPC_STATUS_RULES: MessageRules<RpcStatus> = {
  [RPC_STATUS.code]: {
    wireType: WireType.varint,
    read: (reader, status) => (status.code = Number(BigInt.asIntN(32, reader.varint))),
  },
  [RPC_STATUS.message]: {
    wireType: WireType.lengthDelimited,
    read: (reader, status) => (status.message = reader.text),
  },
};
