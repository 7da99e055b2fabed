/** A record of the write-ahead log: when its request was received, then the request as OTLP protobuf. */
const HEADER_BYTES = 8;

export function encodeRequestHeader(receivedAtUnixMs: number): Uint8Array {
  const header = Buffer.allocUnsafe(HEADER_BYTES);
  header.writeDoubleBE(receivedAtUnixMs);
  return header;
}

/** A view of the payload. Undefined where it is too short to be one. */
export function readRequestRecord(payload: Uint8Array): { receivedAtUnixMs: number; request: Uint8Array } | undefined {
  if (payload.length < HEADER_BYTES) return undefined;
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  return { receivedAtUnixMs: view.getFloat64(0), request: payload.subarray(HEADER_BYTES) };
}
