import type { SpanNode } from '@tracelab/model';
import type { Span } from '@tracelab/protocol';
import { callTarget, servedPath } from '../data/call-target.ts';
import { formatDuration } from '../data/duration.ts';
import { rowOfNode } from '../data/visible-rows.ts';
import { ROW_HEIGHT_PX } from './virtual-window.ts';
import type { WaterfallView } from './waterfall-view.ts';

/** One recycled row: its elements are made once and then only filled. */
export interface RowElement {
  readonly row: HTMLElement;
  readonly tree: HTMLElement;
  readonly caret: HTMLElement;
  readonly depth: HTMLElement;
  readonly swatch: HTMLElement;
  readonly service: HTMLElement;
  readonly operation: HTMLElement;
  readonly target: HTMLElement;
  readonly badge: HTMLElement;
  readonly time: HTMLElement;
}

const INDENT_PX = 14;
/** Deeper spans stop moving right, a number tells their depth: at depth 2,505 the name would be 35,000 px away. */
const INDENT_LEVELS_MAX = 14;

export function createRowElement(): RowElement {
  const make = (tag: string, className: string): HTMLElement => {
    const element = document.createElement(tag);
    element.className = className;
    return element;
  };
  const parts: RowElement = {
    row: make('div', 'span-row'),
    tree: make('div', 'span-tree'),
    caret: make('span', 'span-caret'),
    depth: make('span', 'span-depth'),
    swatch: make('span', 'swatch'),
    service: make('b', 'span-service'),
    operation: make('span', 'span-operation'),
    target: make('span', 'span-target'),
    badge: make('span', 'span-badge'),
    time: make('div', 'span-time visually-hidden'),
  };
  parts.row.setAttribute('role', 'row');
  parts.tree.setAttribute('role', 'rowheader');
  parts.time.setAttribute('role', 'gridcell');
  parts.caret.setAttribute('aria-hidden', 'true');
  const names = make('span', 'span-names');
  names.append(parts.operation, parts.target);
  parts.tree.append(parts.caret, parts.depth, parts.swatch, parts.service, names, parts.badge);
  parts.row.append(parts.tree, parts.time);
  return parts;
}

export function fillRowElement(parts: RowElement, view: WaterfallView, position: number): void {
  const node = view.index.nodes[position];
  if (node === undefined) return;
  const isOpen = !view.collapsed.has(node.span.spanId);
  const isError = view.index.isError[position] === 1;
  const hiddenCount = isOpen ? 0 : (view.index.subtreeSizes[position] ?? 1) - 1;
  parts.row.dataset['spanId'] = node.span.spanId;
  parts.row.classList.toggle('is-error', isError);
  parts.swatch.style.setProperty('--swatch', `var(--service-${view.index.colours[position] ?? 0})`);
  parts.badge.textContent = badgeText(isError, node.isOrphan, hiddenCount);
  fillIndent(parts, node, isOpen);
  fillTexts(parts, node, isError, view.index.tree.startTimeUnixNano);
  fillTreePlace(parts.row, view, position, isOpen);
}

function fillIndent(parts: RowElement, { depth, children }: SpanNode, isOpen: boolean): void {
  parts.tree.style.setProperty('--indent', `${Math.min(depth, INDENT_LEVELS_MAX) * INDENT_PX}px`);
  parts.depth.textContent = depth > INDENT_LEVELS_MAX ? `+${depth - INDENT_LEVELS_MAX}` : '';
  if (children.length === 0) parts.caret.textContent = '';
  else parts.caret.textContent = isOpen ? '▾' : '▸';
}

/** The names for the eye, and the whole row as one sentence for the ear. */
function fillTexts(parts: RowElement, node: SpanNode, isError: boolean, traceStartUnixNano: bigint): void {
  const { span, isOrphan } = node;
  const place = placeOf(span);
  const timing = `${formatDuration(span.endTimeUnixNano - span.startTimeUnixNano)}, starts at ${formatDuration(span.startTimeUnixNano - traceStartUnixNano)}`;
  parts.service.textContent = span.serviceName;
  parts.operation.textContent = span.name;
  parts.target.textContent = place.seen;
  parts.time.textContent = timing;
  const marks = `${isError ? ', error' : ''}${isOrphan ? ', parent missing' : ''}`;
  parts.row.setAttribute('aria-label', `${span.serviceName} ${span.name}${place.said}, ${timing}${marks}`);
}

/** What stands beside a name that says too little. */
function placeOf(span: Span): { seen: string; said: string } {
  const target = callTarget(span);
  if (target !== '') return { seen: `→ ${target}`, said: ` to ${target}` };
  const path = servedPath(span);
  return { seen: path, said: path === '' ? '' : ` ${path}` };
}

/** The gravest first: a narrow tree cuts the rest off. */
function badgeText(isError: boolean, isOrphan: boolean, hiddenCount: number): string {
  const texts = [isError ? '▲ error' : '', isOrphan ? 'orphan' : '', hiddenCount > 0 ? `${hiddenCount} hidden` : ''];
  return texts.filter((text) => text !== '').join(' · ');
}

/** Where the row stands in the tree, as the treegrid pattern wants it said. */
function fillTreePlace(row: HTMLElement, view: WaterfallView, position: number, isOpen: boolean): void {
  const node = view.index.nodes[position];
  if (node === undefined) return;
  // Row 1 is the row of headings.
  row.setAttribute('aria-rowindex', String(rowOfNode(view.rows, position) + 2));
  row.setAttribute('aria-level', String(node.depth + 1));
  row.setAttribute('aria-posinset', String(view.index.siblingPositions[position]));
  row.setAttribute('aria-setsize', String(view.index.siblingCounts[position]));
  if (node.children.length > 0) row.setAttribute('aria-expanded', String(isOpen));
  else row.removeAttribute('aria-expanded');
}

/** What changes without the row being refilled: its place on screen and the reader's marks on it. */
export function markRowElement(parts: RowElement, view: WaterfallView, position: number, topPx: number): void {
  const isSelected = view.index.nodes[position]?.span.spanId === view.selectedSpanId;
  parts.row.style.transform = `translateY(${topPx}px)`;
  parts.row.style.height = `${ROW_HEIGHT_PX}px`;
  parts.row.tabIndex = position === view.cursor ? 0 : -1;
  parts.row.setAttribute('aria-selected', String(isSelected));
  parts.row.classList.toggle('is-match', view.matches.has(position));
}
