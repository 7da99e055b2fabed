import { decodeTracesData, tracesDataToJson } from '@tracelab/protocol';

export type Encoding = 'protobuf' | 'json';
export type Compression = 'none' | 'gzip';

/** OTLP's JSON for debugging, made of the batch's protobuf: spans are encoded once, at their end. */
export function jsonFromProtobuf(request: Uint8Array): Uint8Array {
  const decoded = decodeTracesData(request);
  if (!decoded.ok) throw new Error(decoded.error);
  return Buffer.from(JSON.stringify(tracesDataToJson(decoded.value)));
}

/** In Node's thread pool, so that no request of the application waits for it. */
export async function gzip(bytes: Uint8Array): Promise<Uint8Array> {
  const zlib = await import('node:zlib');
  return new Promise((resolve, reject) => {
    zlib.gzip(bytes, (error, zipped) => (error === null ? resolve(zipped) : reject(error)));
  });
}

/** Undefined where the bytes are no gzip, 'too large' where there are more than the limit: inflating stops there. */
export async function gunzip(bytes: Uint8Array, bytesMax: number): Promise<Uint8Array | 'too large' | undefined> {
  const zlib = await import('node:zlib');
  return new Promise((resolve) => {
    zlib.gunzip(bytes, { maxOutputLength: bytesMax }, (error, inflated) => {
      if (error === null) resolve(inflated);
      else resolve('code' in error && error.code === 'ERR_BUFFER_TOO_LARGE' ? 'too large' : undefined);
    });
  });
}
