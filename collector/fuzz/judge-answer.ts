import {
  decodeExportResponse,
  decodeRpcStatus,
  exportResponseFromJson,
  isRecord,
  refuse,
  type ExportResponse,
  type Result,
  type RpcStatus,
} from '@tracelab/protocol';
import type { Verdict } from './verdict.ts';

export interface Answer {
  status: number;
  contentType: string;
  retryAfter: string | undefined;
  body: Uint8Array;
}

const MEDIA_TYPES = { protobuf: 'application/x-protobuf', json: 'application/json' } as const;
const OVERLOADED = 503;
/** An answer that is longer helps nobody. */
const ANSWER_BYTES_MAX = 64 * 1024;

/** What is wrong with an answer; undefined where it is what OTLP wants, or an overload that says when to come back. */
export function findFault(answer: Answer, verdict: Verdict): string | undefined {
  if (answer.body.length > ANSWER_BYTES_MAX) return `the answer has ${answer.body.length} bytes`;
  const mediaType = MEDIA_TYPES[verdict.answerType];
  if (answer.contentType !== mediaType)
    return `the answer's content type should be ${mediaType}: was ${answer.contentType}`;
  if (answer.status === OVERLOADED) return findFaultOfOverload(answer, verdict);
  if (answer.status !== verdict.status)
    return `should be answered ${verdict.status}: was ${answer.status}, ${textOf(answer)}`;
  if (verdict.status !== 200) return findFaultOfStatus(answer, verdict);
  return findFaultOfSuccess(answer, verdict.rejected, verdict.answerType);
}

function findFaultOfSuccess(answer: Answer, rejected: number, answerType: Verdict['answerType']): string | undefined {
  const response = readResponse(answer, answerType);
  if (!response.ok) return `the answer is no ExportTraceServiceResponse: ${response.error}`;
  const { rejectedSpans, errorMessage } = response.value;
  if (rejectedSpans !== rejected) return `${rejected} spans should be rejected: were ${rejectedSpans}, ${errorMessage}`;
  if (rejectedSpans === 0) return errorMessage === '' ? undefined : `a full success says ${errorMessage}`;
  return errorMessage === '' ? 'a partial success does not say why' : undefined;
}

function findFaultOfOverload(answer: Answer, verdict: Verdict): string | undefined {
  if (!/^\d+$/.test(answer.retryAfter ?? ''))
    return `an overload should say when to come back: was ${answer.retryAfter}`;
  return findFaultOfStatus(answer, verdict);
}

function findFaultOfStatus(answer: Answer, verdict: Verdict): string | undefined {
  const status = readStatus(answer, verdict);
  if (!status.ok) return `the body is no google.rpc.Status: ${status.error}`;
  return status.value.message === '' || status.value.code === 0
    ? `the Status says nothing: ${textOf(answer)}`
    : undefined;
}

function readStatus(answer: Answer, { answerType }: Verdict): Result<RpcStatus> {
  if (answerType === 'protobuf') return decodeRpcStatus(answer.body);
  const json = parseJson(answer);
  if (!isRecord(json)) return refuse('it is no JSON object');
  const { code, message } = json;
  if (typeof code !== 'number' || typeof message !== 'string') return refuse(textOf(answer));
  return { ok: true, value: { code, message } };
}

function readResponse(answer: Answer, answerType: Verdict['answerType']): Result<ExportResponse> {
  if (answerType === 'protobuf') return decodeExportResponse(answer.body);
  const json = parseJson(answer);
  return isRecord(json) ? { ok: true, value: exportResponseFromJson(json) } : refuse('it is no JSON object');
}

function parseJson(answer: Answer): unknown {
  try {
    return JSON.parse(textOf(answer));
  } catch {
    return undefined;
  }
}

function textOf({ body }: Answer): string {
  return Buffer.from(body).toString('utf8');
}
