import { bytesFromHex, encodeTracesData } from '@tracelab/protocol';
import { describeProcess, SPANS_PER_PROCESS } from './trace-shape.ts';

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
export function createBatch(process: number, traces: number, nowUnixMs: number): Batch {
  const resourceSpans = describeProcess(process, traces, nowUnixMs);
  const template = encodeTracesData({ resourceSpans: [resourceSpans] });
  const traceIds = resourceSpans.scopeSpans.flatMap(({ spans }) => spans.map(({ traceId }) => traceId));
  const places = placesOf(template, traceIds);
  return {
    spans: traces * SPANS_PER_PROCESS,
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

/** As many traces as make a body of about so many bytes, at least one. */
export function tracesForBytes(bytes: number, nowUnixMs: number): number {
  const one = createBatch(0, 1, nowUnixMs).bytes;
  const eleven = createBatch(0, 11, nowUnixMs).bytes;
  const perTrace = (eleven - one) / 10;
  return Math.max(1, 1 + Math.round((bytes - one) / perTrace));
}
