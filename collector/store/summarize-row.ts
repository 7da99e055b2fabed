import { flattenTracesData, mergeTracesData, summarizeTrace } from '@tracelab/model';
import {
  LIMITS,
  accept,
  decodeTracesData,
  refuse,
  type Result,
  type TraceSummary,
  type TracesData,
} from '@tracelab/protocol';
import type { TraceRow } from './trace-row.ts';

/**
 * The summary of a stored trace. One in several parts is read, since a span may be in more than one of them; where it is too
 * large for that, such a span counts twice.
 */
export function summarizeRow(traceId: string, row: TraceRow, readParts: () => Uint8Array[]): TraceSummary {
  const merged = row.partCount > 1 ? mergeParts(readParts()) : undefined;
  if (merged?.ok === true) return { ...summarizeTrace(flattenTracesData(merged.value), false), traceId };
  return {
    traceId,
    rootService: row.root?.service ?? '',
    rootName: row.root?.name ?? '',
    startTimeUnixNano: row.startTimeUnixNano.toString(),
    durationNano: (row.endTimeUnixNano - row.startTimeUnixNano).toString(),
    spanCount: row.spanCount,
    errorCount: row.errorCount,
    services: row.services,
    pending: false,
  };
}

/** As many spans as the decoder builds of one request: what is read is objects in memory, and text after that. */
const SPANS_MAX = LIMITS.otlpObjectsMax / LIMITS.spanObjects;

/** One trace from all its parts. Refused where together they have too many spans: a trace may be of any number of requests. */
export function mergeParts(parts: readonly Uint8Array[]): Result<TracesData> {
  const decoded: TracesData[] = [];
  let spansLeft = SPANS_MAX;
  for (const part of parts) {
    const data = decodeTracesData(part);
    if (!data.ok) return data;
    for (const { scopeSpans } of data.value.resourceSpans)
      for (const { spans } of scopeSpans) spansLeft -= spans.length;
    if (spansLeft < 0) return refuse(`it has more than ${SPANS_MAX} spans`);
    decoded.push(data.value);
  }
  return accept(mergeTracesData(decoded));
}
