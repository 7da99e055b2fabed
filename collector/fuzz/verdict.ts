import { gunzipSync } from 'node:zlib';
import { flattenTracesData } from '@tracelab/model';
import {
  decodeTracesData,
  refuse,
  tracesDataFromJson,
  validateSpan,
  type Result,
  type TracesData,
} from '@tracelab/protocol';
import type { FuzzRequest } from './fuzz-request.ts';

interface Accepted {
  status: 200;
  spans: { traceId: string; spanId: string; name: string }[];
  rejected: number;
}

interface Refused {
  status: 400 | 404 | 405 | 413 | 415;
}

/** What an OTLP receiver owes a request, and in which type it answers. */
export type Verdict = { answerType: 'protobuf' | 'json' } & (Accepted | Refused);

const TYPES: Readonly<Record<string, Verdict['answerType']>> = {
  'application/x-protobuf': 'protobuf',
  'application/json': 'json',
};

/**
 * The answer by OTLP's table "What must the receiver answer", found without the collector's own scan: the whole request is inflated,
 * decoded into objects by protocol's decoder and validated span by span.
 */
export function judgeRequest(request: FuzzRequest, bodyBytesMax: number): Verdict {
  const type = TYPES[request.headers['content-type'] ?? ''];
  const answerType = type ?? 'json';
  if (request.path.includes('%zz')) return { answerType, status: 400 };
  if (request.path !== '/v1/traces') return { answerType, status: 404 };
  if (request.method !== 'POST') return { answerType, status: 405 };
  if (type === undefined) return { answerType, status: 415 };
  return { answerType: type, ...judgeBody(request, type, bodyBytesMax) };
}

function judgeBody(
  { headers, body }: FuzzRequest,
  type: Verdict['answerType'],
  bodyBytesMax: number,
): Accepted | Refused {
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'gzip') return { status: 415 };
  if (body.length > bodyBytesMax) return { status: 413 };
  const inflated = encoding === undefined ? body : inflate(body, bodyBytesMax);
  if (inflated === 'malformed') return { status: 400 };
  if (inflated === 'tooLarge') return { status: 413 };
  const data = type === 'protobuf' ? decodeTracesData(inflated) : decodeJson(inflated);
  return data.ok ? { status: 200, ...sortSpans(data.value) } : { status: 400 };
}

function sortSpans(data: TracesData): Omit<Accepted, 'status'> {
  const all = flattenTracesData(data);
  const valid = all.filter((span) => validateSpan(span) === undefined);
  const spans = valid.map(({ traceId, spanId, name }) => ({ traceId, spanId, name }));
  return { spans, rejected: all.length - valid.length };
}

function inflate(body: Uint8Array, bytesMax: number): Uint8Array | 'malformed' | 'tooLarge' {
  try {
    return gunzipSync(body, { maxOutputLength: bytesMax });
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 'tooLarge' : 'malformed';
  }
}

function decodeJson(bytes: Uint8Array): Result<TracesData> {
  if (bytes.length === 0) return tracesDataFromJson({});
  try {
    return tracesDataFromJson(JSON.parse(Buffer.from(bytes).toString('utf8')));
  } catch (error) {
    return refuse(String(error));
  }
}
