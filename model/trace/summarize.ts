import { StatusCode } from '@tracelab/protocol';
import type { ServiceSpanCount, TraceSummary } from '@tracelab/protocol';
import type { TraceSpan } from './flatten.ts';
import { compareText } from './order.ts';
import { buildTraceTree } from './tree.ts';
import type { SpanNode } from './tree.ts';

/**
 * The row of a list of traces. Duplicates count once; the duration runs from the earliest start to the latest end; the
 * root's names are empty while no span without a parent id is there. The spans should be of one trace, and at least one.
 */
export function summarizeTrace(spans: readonly TraceSpan[], pending: boolean): TraceSummary {
  const tree = buildTraceTree(spans);
  const root = tree.roots.find((node) => !node.isOrphan)?.span;
  const services = countByService(tree.nodeBySpanId.values());
  return {
    traceId: spans[0]?.traceId ?? '',
    rootService: root?.serviceName ?? '',
    rootName: root?.name ?? '',
    startTimeUnixNano: String(tree.startTimeUnixNano),
    durationNano: String(tree.endTimeUnixNano - tree.startTimeUnixNano),
    spanCount: tree.nodeBySpanId.size,
    errorCount: services.reduce((sum, service) => sum + service.errorCount, 0),
    services,
    pending,
  };
}

/** Sorted by the service's name. */
function countByService(nodes: Iterable<SpanNode>): ServiceSpanCount[] {
  const countByName = new Map<string, ServiceSpanCount>();
  for (const { span } of nodes) {
    const count = countByName.get(span.serviceName) ?? { service: span.serviceName, spanCount: 0, errorCount: 0 };
    countByName.set(span.serviceName, count);
    count.spanCount++;
    if (span.status.code === StatusCode.error) count.errorCount++;
  }
  return [...countByName.values()].sort((left, right) => compareText(left.service, right.service));
}
