import { OTLP_FIELDS, ProtobufReader, WireType, refuse, accept, type Result } from '@tracelab/protocol';

/** What arrived since the period began. */
export interface PeriodCounts {
  requests: number;
  bytes: number;
  spans: number;
  /** Distinct trace ids of which a root span (no parent) arrived. */
  traces: number;
  /** Distinct trace ids of which none did. */
  tracesRootless: number;
  /** Spans whose trace was not told apart, because the period already knew TRACES_MAX of them. 0 in every honest run. */
  spansUncounted: number;
}

/** Distinct traces that one period tells apart (about 100 bytes each); a block of load makes a few thousand. */
const TRACES_MAX = 1_000_000;

/** Counts spans and distinct traces of OTLP requests by walking the protobuf, without building spans. */
export interface Tally {
  /** All or nothing: a malformed request counts nothing. */
  add: (body: Uint8Array) => Result<number>;
  /** The counts of the period that ends here; the next one begins. */
  endPeriod: () => PeriodCounts;
}

export function createTally(tracesMax: number = TRACES_MAX): Tally {
  let hasRootByTrace = new Map<string, boolean>();
  let requests = 0;
  let bytes = 0;
  let spans = 0;
  let spansUncounted = 0;

  const count = (span: SpanIds): void => {
    spans++;
    const known = hasRootByTrace.get(span.traceId);
    if (known === undefined && hasRootByTrace.size >= tracesMax) spansUncounted++;
    else hasRootByTrace.set(span.traceId, known === true || span.isRoot);
  };

  return {
    add: (body) => {
      const found: SpanIds[] = [];
      const reader = new ProtobufReader(body);
      walk(reader, SPANS_PATH, () => found.push(readSpanIds(reader)));
      if (reader.malformed !== undefined)
        return refuse(`the body is no ExportTraceServiceRequest: ${reader.malformed}`);
      requests++;
      bytes += body.length;
      for (const span of found) count(span);
      return accept(found.length);
    },
    endPeriod: () => {
      const traces = [...hasRootByTrace.values()].filter(Boolean).length;
      const counts = { requests, bytes, spans, traces, tracesRootless: hasRootByTrace.size - traces, spansUncounted };
      hasRootByTrace = new Map();
      requests = bytes = spans = spansUncounted = 0;
      return counts;
    },
  };
}

interface SpanIds {
  /** The 16 bytes as latin1 text: a key for a map, not for people. */
  traceId: string;
  isRoot: boolean;
}

const SPANS_PATH: readonly number[] = [
  OTLP_FIELDS.tracesData.resourceSpans,
  OTLP_FIELDS.resourceSpans.scopeSpans,
  OTLP_FIELDS.scopeSpans.spans,
];

/** Enters every message along the path of field numbers and calls `visit` inside the last. */
function walk(reader: ProtobufReader, path: readonly number[], visit: () => void): void {
  const [field, ...rest] = path;
  if (field === undefined) return visit();
  while (reader.next()) {
    if (reader.field !== field || reader.wireType !== WireType.lengthDelimited) continue;
    const end = reader.enter();
    walk(reader, rest, visit);
    reader.leave(end);
  }
}

function readSpanIds(reader: ProtobufReader): SpanIds {
  let traceId = '';
  let isRoot = true;
  while (reader.next()) {
    if (reader.field === OTLP_FIELDS.span.traceId) traceId = Buffer.from(reader.bytes).toString('latin1');
    else if (reader.field === OTLP_FIELDS.span.parentSpanId) isRoot = reader.valueEnd === reader.valueStart;
  }
  if (traceId.length !== 16) reader.fail('a span has no trace id of 16 bytes');
  return { traceId, isRoot };
}
