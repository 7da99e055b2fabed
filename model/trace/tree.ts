import type { TraceSpan } from './flatten.ts';
import { compareDuplicates, compareSpans, compareText } from './order.ts';

/** A span in its place. `isOrphan`: it has a parent id, but the parent is not there, or the link was cut to end a cycle. */
export interface SpanNode {
  span: TraceSpan;
  parent: SpanNode | undefined;
  children: SpanNode[];
  /** 0 for roots. */
  depth: number;
  isOrphan: boolean;
}

/** Roots: first those without a parent id, then orphans. Roots and children are sorted by start, then span id. */
export interface TraceTree {
  roots: SpanNode[];
  nodeBySpanId: ReadonlyMap<string, SpanNode>;
  /** The earliest start and the latest end of all spans; 0 for no spans. */
  startTimeUnixNano: bigint;
  endTimeUnixNano: bigint;
  /** Spans that were left out because another one has their id. */
  duplicateCount: number;
  orphanCount: number;
}

/**
 * Joins the flat spans of one trace into a tree. A trace is a join, not an object: any order, any repetition of the spans
 * gives the same tree. Every span is in it exactly once. Iterative, because depth is whatever the sender made it; O(n log n).
 */
export function buildTraceTree(spans: readonly TraceSpan[]): TraceTree {
  const nodeBySpanId = indexSpans(spans);
  const nodes = [...nodeBySpanId.values()].sort((left, right) => compareSpans(left.span, right.span));
  for (const node of nodes) {
    const { parentSpanId } = node.span;
    node.parent = parentSpanId === '' ? undefined : nodeBySpanId.get(parentSpanId);
  }
  cutCycles(nodes);
  const roots = linkChildren(nodes);
  return {
    roots,
    nodeBySpanId,
    startTimeUnixNano: nodes[0]?.span.startTimeUnixNano ?? 0n,
    endTimeUnixNano: latestEnd(nodes),
    duplicateCount: spans.length - nodes.length,
    orphanCount: roots.filter((root) => root.isOrphan).length,
  };
}

/** Depth first, a parent before its children, siblings by start. Iterative. */
export function visitInOrder(tree: TraceTree, visit: (node: SpanNode) => void): void {
  const waiting = tree.roots.toReversed();
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    visit(node);
    for (let index = node.children.length - 1; index >= 0; index--) {
      const child = node.children[index];
      if (child !== undefined) waiting.push(child);
    }
  }
}

function indexSpans(spans: readonly TraceSpan[]): Map<string, SpanNode> {
  const nodeBySpanId = new Map<string, SpanNode>();
  for (const span of spans) {
    const twin = nodeBySpanId.get(span.spanId);
    if (twin === undefined) {
      nodeBySpanId.set(span.spanId, { span, parent: undefined, children: [], depth: 0, isOrphan: false });
    } else if (compareTwins(twin.span, span) > 0) {
      twin.span = span;
    }
  }
  return nodeBySpanId;
}

/** Twins of different services (ids shared by both sides of a call, as B3 does) are told apart by the service's name. */
function compareTwins(left: TraceSpan, right: TraceSpan): number {
  return compareDuplicates(left, right) || compareText(left.serviceName, right.serviceName);
}

/**
 * Every parent link is followed upwards once. A walk that meets its own track has found a cycle; its earliest span
 * becomes a root, which does not depend on where the walk began.
 */
function cutCycles(nodes: readonly SpanNode[]): void {
  const walkByNode = new Map<SpanNode, number>();
  nodes.forEach((start, walk) => {
    let node: SpanNode | undefined = start;
    while (node !== undefined && !walkByNode.has(node)) {
      walkByNode.set(node, walk);
      node = node.parent;
    }
    if (node !== undefined && walkByNode.get(node) === walk) earliestOfCycle(node).parent = undefined;
  });
}

function earliestOfCycle(member: SpanNode): SpanNode {
  let earliest = member;
  for (let node = member.parent; node !== undefined && node !== member; node = node.parent) {
    if (compareSpans(node.span, earliest.span) < 0) earliest = node;
  }
  return earliest;
}

/** The nodes come sorted, so that children and roots are sorted too. */
function linkChildren(nodes: readonly SpanNode[]): SpanNode[] {
  const rootsWithoutParent: SpanNode[] = [];
  const orphans: SpanNode[] = [];
  for (const node of nodes) {
    node.isOrphan = node.parent === undefined && node.span.parentSpanId !== '';
    if (node.parent !== undefined) node.parent.children.push(node);
    else (node.isOrphan ? orphans : rootsWithoutParent).push(node);
  }
  const roots = [...rootsWithoutParent, ...orphans];
  const waiting = [...roots];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    for (const child of node.children) {
      child.depth = node.depth + 1;
      waiting.push(child);
    }
  }
  return roots;
}

function latestEnd(nodes: readonly SpanNode[]): bigint {
  let latest = nodes[0]?.span.startTimeUnixNano ?? 0n;
  for (const { span } of nodes) {
    if (span.endTimeUnixNano > latest) latest = span.endTimeUnixNano;
  }
  return latest;
}
