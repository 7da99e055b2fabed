import { LIMITS, decodeExportResponse, decodeRpcStatus, exportResponseFromJson, isRecord } from '@tracelab/protocol';
import type { ExportResponse } from '@tracelab/protocol';
import type { IncomingHttpHeaders } from 'node:http';
import { parseRetryAfter } from './retry-delay.ts';
import type { SendOutcome } from './transport.ts';

/** An answer over HTTP, its body complete and decompressed. */
export interface HttpAnswer {
  status: number;
  statusText: string;
  headers: IncomingHttpHeaders;
  body: Uint8Array;
}

/** OTLP 1.x: these and a broken connection may be tried again, nothing else. */
const RETRYABLE_STATUSES: ReadonlySet<number> = new Set([429, 502, 503, 504]);
/** A reason ends up in a line on standard error. */
const MESSAGE_LENGTH_MAX = 200;

export const ANSWER_TOO_LARGE: SendOutcome = {
  kind: 'refused',
  reason: `the answer was over ${LIMITS.otlpResponseBytesMax} bytes`,
};

/** By OTLP a success like any other, but it is most likely a web server's. */
const PAGE: SendOutcome = {
  kind: 'delivered',
  rejectedSpans: 0,
  message: 'an HTML page, which is no answer of OTLP (is this a collector?)',
};

/** What an answer means, by the OTLP rules. Nonsense in it changes nothing. */
export function judgeAnswer(answer: HttpAnswer): SendOutcome {
  const { status, headers } = answer;
  if (status >= 200 && status < 300)
    return mediaType(headers) === 'text/html' ? PAGE : judgeSuccess(decodeResponse(answer));
  const reason = describeStatus(answer);
  if (!RETRYABLE_STATUSES.has(status)) return { kind: 'refused', reason };
  const retryAfterMs = parseRetryAfter(headers['retry-after'], Date.now());
  return { kind: 'retryable', reason, isUnreachable: false, retryAfterMs };
}

/** A success acknowledges the batch, whatever the body holds; only a readable partial success says otherwise. */
export function judgeSuccess(response: ExportResponse | undefined): SendOutcome {
  return {
    kind: 'delivered',
    rejectedSpans: response?.rejectedSpans ?? 0,
    message: response?.errorMessage.slice(0, MESSAGE_LENGTH_MAX) ?? '',
  };
}

function decodeResponse({ headers, body }: HttpAnswer): ExportResponse | undefined {
  if (body.length === 0) return undefined;
  const type = mediaType(headers);
  if (type === 'application/x-protobuf') {
    const decoded = decodeExportResponse(body);
    return decoded.ok ? decoded.value : undefined;
  }
  return type === 'application/json' ? exportResponseFromJson(parseJson(body)) : undefined;
}

/** The body of an OTLP error is a google.rpc.Status, whose message says more than the status code. */
function describeStatus(answer: HttpAnswer): string {
  const message = statusMessage(answer).slice(0, MESSAGE_LENGTH_MAX);
  const status = `the answer was ${answer.status} ${answer.statusText}`.trimEnd();
  return message === '' ? status : `${status}: ${message}`;
}

function statusMessage({ headers, body }: HttpAnswer): string {
  const type = mediaType(headers);
  if (type === 'application/x-protobuf') {
    const decoded = decodeRpcStatus(body);
    return decoded.ok ? decoded.value.message : '';
  }
  const json = type === 'application/json' ? parseJson(body) : undefined;
  return isRecord(json) && typeof json['message'] === 'string' ? json['message'] : '';
}

function mediaType(headers: IncomingHttpHeaders): string | undefined {
  return headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString());
  } catch {
    return undefined;
  }
}
