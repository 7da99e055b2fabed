import type { TraceIndex } from './trace-index.ts';
import { rowOfNode } from './visible-rows.ts';

/** What a key asks of the tree (W3C ARIA practices, treegrid). */
export type CursorCommand = 'up' | 'down' | 'page-up' | 'page-down' | 'first' | 'last' | 'in' | 'out';

/** By `KeyboardEvent.key`. */
export const CURSOR_KEYS: ReadonlyMap<string, CursorCommand> = new Map([
  ['ArrowUp', 'up'],
  ['ArrowDown', 'down'],
  ['PageUp', 'page-up'],
  ['PageDown', 'page-down'],
  ['Home', 'first'],
  ['End', 'last'],
  ['ArrowRight', 'in'],
  ['ArrowLeft', 'out'],
]);

export interface TreeView {
  index: TraceIndex;
  rows: Int32Array;
  collapsed: ReadonlySet<string>;
  pageRows: number;
}

/** Either the cursor goes to a row, or the span under it opens or closes. */
export type CursorOutcome = { kind: 'move'; row: number } | { kind: 'toggle'; spanId: string };

export function applyCursorCommand(view: TreeView, row: number, command: CursorCommand): CursorOutcome {
  if (command === 'in') return goIn(view, row);
  if (command === 'out') return goOut(view, row);
  const targets: Record<Exclude<CursorCommand, 'in' | 'out'>, number> = {
    up: row - 1,
    down: row + 1,
    'page-up': row - view.pageRows,
    'page-down': row + view.pageRows,
    first: 0,
    last: view.rows.length - 1,
  };
  return { kind: 'move', row: Math.max(0, Math.min(view.rows.length - 1, targets[command])) };
}

function goIn(view: TreeView, row: number): CursorOutcome {
  const node = view.index.nodes[view.rows[row] ?? -1];
  if (node === undefined || node.children.length === 0) return { kind: 'move', row };
  if (view.collapsed.has(node.span.spanId)) return { kind: 'toggle', spanId: node.span.spanId };
  return { kind: 'move', row: row + 1 };
}

function goOut(view: TreeView, row: number): CursorOutcome {
  const node = view.index.nodes[view.rows[row] ?? -1];
  if (node === undefined) return { kind: 'move', row };
  if (node.children.length > 0 && !view.collapsed.has(node.span.spanId))
    return { kind: 'toggle', spanId: node.span.spanId };
  const parentIndex = node.parent === undefined ? undefined : view.index.indexBySpanId.get(node.parent.span.spanId);
  return { kind: 'move', row: parentIndex === undefined ? row : rowOfNode(view.rows, parentIndex) };
}
