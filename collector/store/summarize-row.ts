import { flattenTracesData, mergeTracesData, summarizeTrace } from '@tracelab/model';
import { decodeTracesData, type TraceSummary, type TracesData } from '@tracelab/protocol';
import type { TraceRow } from './trace-row.ts';

/** The summary of a stored trace. One in several parts is read, since a span may be in more than one of them. */
export function summarizeRow(traceId: string, row: TraceRow, readParts: () => Uint8Array[]): TraceSummary {
  if (row.partCount > 1) return { ...summarizeTrace(flattenTracesData(mergeParts(readParts())), false), traceId };
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

/** One trace from all its parts. What was scanned before it was stored can be decoded: if not, it is a defect and thrown. */
export function mergeParts(parts: readonly Uint8Array[]): TracesData {
  const decoded = parts.map((part) => {
    const data = decodeTracesData(part);
    if (!data.ok) throw new Error(`a stored trace cannot be decoded: ${data.error}`);
    return data.value;
  });
  return mergeTracesData(decoded);
}
