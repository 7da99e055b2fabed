import { ERRORS, type ErrorCode } from '@tracelab/protocol';
import type { FastifyError, FastifyRequest } from 'fastify';
import { ApiError } from './api-error.ts';

export interface ExplainedError {
  code: ErrorCode;
  status: number;
  message: string;
}

/** What a caller is told of an error that a request ended with: Fastify's own say neither what was got nor what is allowed. */
export function explainError(error: FastifyError, request: FastifyRequest): ExplainedError {
  const code = codeOf(error, request);
  return { code, status: ERRORS[code].status, message: messageOf(error, code, request) };
}

function codeOf(error: FastifyError, request: FastifyRequest): ErrorCode {
  if (error instanceof ApiError) return error.code;
  if (error.statusCode === 413) return 'too_large';
  if (error.statusCode === 415 || isCompressed(error, request)) return 'unsupported_media_type';
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) return 'bad_request';
  return 'internal';
}

function messageOf(error: FastifyError, code: ErrorCode, request: FastifyRequest): string {
  if (code === 'internal') return 'this service has a defect: its log has the details';
  if (isCompressed(error, request))
    return `the body should not be compressed: its encoding was ${quote(request.headers['content-encoding'])}`;
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return `the body should have at most ${request.routeOptions.bodyLimit} bytes: send less at a time`;
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return `the content type should be application/json: was ${quote(request.headers['content-type'])}`;
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
      return 'the body should be JSON, without the keys "__proto__" and "constructor.prototype": could not be read';
    case 'FST_ERR_BAD_URL':
      return `a path should be percent-encoded UTF-8: was ${quote(request.url)}`;
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return `a segment of this path should have at most 100 characters: was ${quote(request.url)}`;
    default:
      return error.message;
  }
}

/** No API of ours inflates: only where the body was no JSON does it matter, so that nothing is looked at before. */
function isCompressed(error: FastifyError, request: FastifyRequest): boolean {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  return error.code === 'FST_ERR_CTP_INVALID_JSON_BODY' && encoding !== 'identity';
}

const SHOWN_LENGTH_MAX = 120;

function quote(text: string | undefined): string {
  if (text === undefined) return 'absent';
  return text.length <= SHOWN_LENGTH_MAX ? `"${text}"` : `"${text.slice(0, SHOWN_LENGTH_MAX)}…"`;
}
