import { bytesFromHex, encodeTracesData, type ResourceSpans } from '@tracelab/protocol';

/** The export requests of one process: always the same spans, each time of other traces. */
export interface Batch {
  spans: number;
  bytes: number;
  /** An OTLP protobuf body of its own; processes of one group make the same traces of the same generation. */
  body: (generation: number) => Buffer;
}

/**
 * Encoded once, since encoding costs about as much CPU as what is measured. Only the first four bytes of each trace id are
 * written anew: span ids need only differ within a trace.
 */
export function createBatch(resourceSpans: ResourceSpans): Batch {
  const template = encodeTracesData({ resourceSpans: [resourceSpans] });
  const traceIds = resourceSpans.scopeSpans.flatMap(({ spans }) => spans.map(({ traceId }) => traceId));
  const places = placesOf(template, traceIds);
  return {
    spans: traceIds.length,
    bytes: template.length,
    body: (generation) => {
      const body = Buffer.from(template);
      for (const place of places) body.writeUInt32BE(generation, place);
      return body;
    },
  };
}

/** Where each id begins; they stand in the order of their spans. */
function placesOf(template: Uint8Array, traceIds: readonly string[]): number[] {
  const bytes = Buffer.from(template.buffer, template.byteOffset, template.length);
  let from = 0;
  return traceIds.map((traceId) => {
    const place = bytes.indexOf(bytesFromHex(traceId) ?? '', from);
    if (place < 0) throw new Error(`an encoded batch holds its trace ids: ${traceId} is missing`);
    from = place + traceId.length / 2;
    return place;
  });
}
