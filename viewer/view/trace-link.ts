import type { ExplainView, TraceView } from '../data/url-state.ts';

/** A trace as it is first opened, on a span if one is named. */
export function traceViewOf(traceId: string, spanId = ''): TraceView {
  return { page: 'trace', traceId, selectedSpanId: spanId, collapsedSpanIds: [], zoom: undefined, find: '' };
}

export function explainViewOf(traceId: string): ExplainView {
  return { page: 'explain', traceId };
}
