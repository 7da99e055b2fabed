import {
  encodeTracesData,
  refuse,
  tracesDataFromJson,
  tracesDataFromZipkin,
  type Result,
  type TracesData,
} from '@tracelab/protocol';
import type { BatchMemory } from './batch-memory.ts';
import type { OtlpEncoding } from './otlp-reply.ts';
import { scanRequest, type ScannedRequest } from './scan-request.ts';

/** JSON becomes protobuf first, so that everything behind knows one form. Never throws. */
export function decodeRequest(
  { bytes, memory }: { bytes: Uint8Array; memory?: BatchMemory },
  encoding: OtlpEncoding,
): Result<ScannedRequest> {
  // An empty JSON body is an empty request, as an empty protobuf body is.
  if (encoding === 'protobuf' || bytes.length === 0) return scanRequest(bytes, memory);
  return decodeJson(bytes, tracesDataFromJson);
}

/** Zipkin's list of spans, by way of OTLP. Never throws. */
export function decodeZipkin(bytes: Uint8Array): Result<ScannedRequest> {
  return decodeJson(bytes, tracesDataFromZipkin);
}

function decodeJson(bytes: Uint8Array, read: (json: unknown) => Result<TracesData>): Result<ScannedRequest> {
  const parsed = parseJson(bytes);
  if (!parsed.ok) return parsed;
  const data = read(parsed.value);
  return data.ok ? scanRequest(encodeTracesData(data.value)) : data;
}

function parseJson(bytes: Uint8Array): Result<unknown> {
  try {
    return {
      ok: true,
      value: JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')) as unknown,
    };
  } catch (error) {
    return refuse(`malformed JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
