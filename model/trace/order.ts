import { spanToJson } from '@tracelab/protocol';
import type { Span } from '@tracelab/protocol';

/** By start, then by span id: total over the spans of one trace, whatever order they arrived in. */
export function compareSpans(left: Span, right: Span): number {
  if (left.startTimeUnixNano !== right.startTimeUnixNano) {
    return left.startTimeUnixNano < right.startTimeUnixNano ? -1 : 1;
  }
  return compareText(left.spanId, right.spanId);
}

/** By UTF-16 units: the same on every machine, unlike a locale's order. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/**
 * Which of two spans with the same id is kept when they differ; positive for the right one. The one that ends later is the
 * more complete record; after that the text of their content decides, so that the order of arrival never does.
 */
export function compareDuplicates(left: Span, right: Span): number {
  if (left.endTimeUnixNano !== right.endTimeUnixNano) return left.endTimeUnixNano > right.endTimeUnixNano ? -1 : 1;
  return compareText(JSON.stringify(spanToJson(left)), JSON.stringify(spanToJson(right)));
}
