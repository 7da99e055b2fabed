import type { TraceIndex } from './trace-index.ts';

/** Positions in `index.nodes` of the rows that are shown, in order: everything but what lies below a collapsed span. */
export function visibleRows(index: TraceIndex, collapsed: ReadonlySet<string>): Int32Array {
  const rows = new Int32Array(index.nodes.length);
  let count = 0;
  for (let position = 0; position < index.nodes.length;) {
    rows[count++] = position;
    const isCollapsed = collapsed.size > 0 && collapsed.has(index.nodes[position]?.span.spanId ?? '');
    position += isCollapsed ? (index.subtreeSizes[position] ?? 1) : 1;
  }
  return rows.subarray(0, count);
}

/** The row that shows this node, by binary search (rows ascend); -1 while an ancestor is collapsed. */
export function rowOfNode(rows: Int32Array, nodeIndex: number): number {
  let low = 0;
  let high = rows.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = rows[middle] ?? 0;
    if (found === nodeIndex) return middle;
    if (found < nodeIndex) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** The collapsed spans that hide this one: they have to open for it to show. */
export function collapsedAncestors(index: TraceIndex, nodeIndex: number, collapsed: ReadonlySet<string>): string[] {
  const hiding: string[] = [];
  for (let node = index.nodes[nodeIndex]?.parent; node !== undefined; node = node.parent) {
    if (collapsed.has(node.span.spanId)) hiding.push(node.span.spanId);
  }
  return hiding;
}

/** A span's siblings that have children, itself included: what alt+click opens or closes together. */
export function expandableSiblings(index: TraceIndex, nodeIndex: number): string[] {
  const node = index.nodes[nodeIndex];
  if (node === undefined) return [];
  const siblings = node.parent?.children ?? index.tree.roots;
  return siblings.filter((sibling) => sibling.children.length > 0).map((sibling) => sibling.span.spanId);
}
