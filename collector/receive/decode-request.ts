import { encodeTracesData, refuse, tracesDataFromJson, type Result } from '@tracelab/protocol';
import type { OtlpEncoding } from './otlp-reply.ts';
import { scanRequest, type ScannedRequest } from './scan-request.ts';

/** JSON becomes protobuf first, so that everything behind knows one form. Never throws. */
export function decodeRequest(bytes: Uint8Array, encoding: OtlpEncoding): Result<ScannedRequest> {
  if (encoding === 'protobuf') return scanRequest(bytes);
  const parsed = parseJson(bytes);
  if (!parsed.ok) return parsed;
  const data = tracesDataFromJson(parsed.value);
  return data.ok ? scanRequest(encodeTracesData(data.value)) : data;
}

function parseJson(bytes: Uint8Array): Result<unknown> {
  // An empty JSON body is an empty request, as an empty protobuf body is.
  if (bytes.length === 0) return { ok: true, value: {} };
  try {
    return {
      ok: true,
      value: JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')) as unknown,
    };
  } catch (error) {
    return refuse(`malformed JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
