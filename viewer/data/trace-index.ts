import { buildTraceTree, flattenTracesData, visitInOrder } from '@tracelab/model';
import type { SpanNode, TraceTree } from '@tracelab/model';
import { StatusCode } from '@tracelab/protocol';
import type { TracesData } from '@tracelab/protocol';
import { assignServiceColours } from './service-colour.ts';

/**
 * A trace laid out for drawing: spans in tree order with their numbers in typed arrays, so that scrolling and zooming
 * touch no object. Offsets are nanoseconds after the start of the trace; a double holds them exactly up to 104 days.
 */
export interface TraceIndex {
  traceId: string;
  tree: TraceTree;
  /** Depth first, parents before children. All arrays below have the same order. */
  nodes: readonly SpanNode[];
  indexBySpanId: ReadonlyMap<string, number>;
  startOffsets: Float64Array;
  endOffsets: Float64Array;
  /** Spans below and including this one. */
  subtreeSizes: Int32Array;
  /** Place among the siblings, from 1, and how many they are. */
  siblingPositions: Int32Array;
  siblingCounts: Int32Array;
  colours: Uint8Array;
  isError: Uint8Array;
  services: readonly ServiceShare[];
  durationNano: bigint;
  errorCount: number;
  depthMax: number;
}

interface ServiceShare {
  service: string;
  colour: number;
  spanCount: number;
  errorCount: number;
}

export function buildTraceIndex(traceId: string, data: TracesData): TraceIndex {
  const tree = buildTraceTree(flattenTracesData(data));
  const nodes: SpanNode[] = [];
  visitInOrder(tree, (node) => nodes.push(node));
  const indexBySpanId = new Map(nodes.map((node, index) => [node.span.spanId, index]));
  const services = countServices(nodes);
  const isError = Uint8Array.from(nodes, (node) => (node.span.status.code === StatusCode.error ? 1 : 0));
  return {
    traceId,
    tree,
    nodes,
    indexBySpanId,
    ...offsetsOf(nodes, tree.startTimeUnixNano),
    subtreeSizes: countSubtrees(nodes, indexBySpanId),
    ...siblingsOf(nodes, tree, indexBySpanId),
    colours: Uint8Array.from(nodes, (node) => services.get(node.span.serviceName)?.colour ?? 0),
    isError,
    services: [...services.values()],
    durationNano: tree.endTimeUnixNano - tree.startTimeUnixNano,
    errorCount: isError.reduce((sum, flag) => sum + flag, 0),
    depthMax: nodes.reduce((deepest, node) => Math.max(deepest, node.depth), 0),
  };
}

function offsetsOf(
  nodes: readonly SpanNode[],
  startNano: bigint,
): { startOffsets: Float64Array; endOffsets: Float64Array } {
  return {
    startOffsets: Float64Array.from(nodes, (node) => Number(node.span.startTimeUnixNano - startNano)),
    endOffsets: Float64Array.from(nodes, (node) => Number(node.span.endTimeUnixNano - startNano)),
  };
}

/** Children come after their parent, so one pass from the back adds every subtree to its parent. */
function countSubtrees(nodes: readonly SpanNode[], indexBySpanId: ReadonlyMap<string, number>): Int32Array {
  const sizes = new Int32Array(nodes.length).fill(1);
  for (let index = nodes.length - 1; index >= 0; index--) {
    const parent = nodes[index]?.parent;
    const parentIndex = parent === undefined ? undefined : indexBySpanId.get(parent.span.spanId);
    if (parentIndex !== undefined) sizes[parentIndex] = (sizes[parentIndex] ?? 0) + (sizes[index] ?? 0);
  }
  return sizes;
}

function siblingsOf(
  nodes: readonly SpanNode[],
  tree: TraceTree,
  indexBySpanId: ReadonlyMap<string, number>,
): { siblingPositions: Int32Array; siblingCounts: Int32Array } {
  const siblingPositions = new Int32Array(nodes.length);
  const siblingCounts = new Int32Array(nodes.length);
  for (const siblings of [tree.roots, ...nodes.map((node) => node.children)]) {
    siblings.forEach((node, position) => {
      const index = indexBySpanId.get(node.span.spanId) ?? 0;
      siblingPositions[index] = position + 1;
      siblingCounts[index] = siblings.length;
    });
  }
  return { siblingPositions, siblingCounts };
}

/** In order of first appearance in the tree, which is the order in which a reader meets them. */
function countServices(nodes: readonly SpanNode[]): Map<string, ServiceShare> {
  const colours = assignServiceColours(nodes.map((node) => node.span.serviceName));
  const shares = new Map<string, ServiceShare>();
  for (const { span } of nodes) {
    const share = shares.get(span.serviceName) ?? {
      service: span.serviceName,
      colour: colours.get(span.serviceName) ?? 0,
      spanCount: 0,
      errorCount: 0,
    };
    share.spanCount += 1;
    if (span.status.code === StatusCode.error) share.errorCount += 1;
    shares.set(span.serviceName, share);
  }
  return shares;
}
