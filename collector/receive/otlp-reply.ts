import type { FastifyReply } from 'fastify';
import { encodeExportResponse, encodeRpcStatus, exportResponseToJson, type ExportResponse } from '@tracelab/protocol';

/** OTLP answers in the type of the request, errors too. */
export type OtlpEncoding = 'protobuf' | 'json';

export const CONTENT_TYPES = { protobuf: 'application/x-protobuf', json: 'application/json' } as const;

/** Parameters such as charset do not matter, nor does the case (RFC 9110, 8.3.1). */
export function encodingOf(contentType: string | undefined): OtlpEncoding | undefined {
  const mediaType = contentType?.split(';', 1)[0]?.trim().toLowerCase();
  if (mediaType === CONTENT_TYPES.protobuf) return 'protobuf';
  return mediaType === CONTENT_TYPES.json ? 'json' : undefined;
}

export function replySuccess(reply: FastifyReply, encoding: OtlpEncoding, response: ExportResponse): FastifyReply {
  const body =
    encoding === 'protobuf' ? encodeExportResponse(response) : JSON.stringify(exportResponseToJson(response));
  return reply.code(200).type(CONTENT_TYPES[encoding]).send(Buffer.from(body));
}

export interface OtlpError {
  httpStatus: number;
  /** google.rpc.Code. */
  code: number;
  message: string;
}

/** Every 4xx and 5xx of an OTLP receiver must be a google.rpc.Status. */
export function replyError(reply: FastifyReply, encoding: OtlpEncoding, error: OtlpError): FastifyReply {
  const status = { code: error.code, message: error.message };
  const body = encoding === 'protobuf' ? encodeRpcStatus(status) : JSON.stringify(status);
  return reply.code(error.httpStatus).type(CONTENT_TYPES[encoding]).send(Buffer.from(body));
}
