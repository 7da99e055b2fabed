import { OTLP_FIELDS, ProtobufWriter } from '@tracelab/protocol';
import { scopeAt, spanBytesAt, type ScopeEnvelope, type SpanBatch } from './span-batch.ts';

const { tracesData: TRACES, resourceSpans: RESOURCE_SPANS, scopeSpans: SCOPE_SPANS } = OTLP_FIELDS;

export interface SpanSource {
  forEachSpan: (look: (batch: SpanBatch, row: number) => void) => void;
}

export type BytesOfSpan = (batch: SpanBatch, row: number) => Uint8Array;

export interface EncodingOptions {
  /** @default the bytes that arrived */
  bytesOfSpan?: BytesOfSpan;
  /** Where the result shall lie. @default an array of its own */
  allocate?: (byteLength: number) => Uint8Array;
}

/** Spans as one TracesData, grouped by resource and scope: what scanRequest reads. */
export function encodeSpans(
  spans: SpanSource,
  {
    bytesOfSpan = spanBytesAt,
    allocate = (byteLength): Uint8Array => new Uint8Array(byteLength),
  }: EncodingOptions = {},
): Uint8Array {
  const writer = shared;
  writer.reset();
  for (const scopes of groupByEnvelope(spans, bytesOfSpan)) {
    writer.message(TRACES.resourceSpans, () => {
      for (const [index, { scope, spans }] of scopes.entries()) {
        if (index === 0) writer.raw(scope.resource.bytes);
        writer.message(RESOURCE_SPANS.scopeSpans, () => {
          writer.raw(scope.bytes);
          for (const span of spans) writer.bytes(SCOPE_SPANS.spans, span);
        });
      }
    });
  }
  const bytes = allocate(writer.length);
  bytes.set(writer.view());
  if (bytes.length > SHARED_BYTES_MAX) shared = new ProtobufWriter();
  return bytes;
}

/** Grown once and used for every call; one that a huge one has stretched is not kept. */
let shared = new ProtobufWriter();
const SHARED_BYTES_MAX = 1024 * 1024;

interface ScopeGroup {
  scope: ScopeEnvelope;
  spans: Uint8Array[];
}

/** The scopes of each resource. By identity: what is equal was made the same object before, where it is worth it. */
function groupByEnvelope(spans: SpanSource, bytesOfSpan: BytesOfSpan): Iterable<ScopeGroup[]> {
  const groups = new Map<ScopeEnvelope, ScopeGroup>();
  spans.forEachSpan((batch, row) => {
    const scope = scopeAt(batch, row);
    const span = bytesOfSpan(batch, row);
    const group = groups.get(scope);
    if (group === undefined) groups.set(scope, { scope, spans: [span] });
    else group.spans.push(span);
  });
  return Map.groupBy(groups.values(), ({ scope }) => scope.resource).values();
}
