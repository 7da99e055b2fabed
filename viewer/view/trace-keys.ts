import { lastSearch } from './search-session.ts';
import { visit } from '../data/address-bar.ts';
import { CURSOR_KEYS } from '../data/row-cursor.ts';
import type { CursorCommand } from '../data/row-cursor.ts';
import { zoomAround } from '../draw/time-scale.ts';
import type { Waterfall } from '../draw/waterfall.ts';
import type { TraceSession } from './trace-session.ts';

export interface TraceKeyContext {
  session: TraceSession;
  waterfall: Waterfall | undefined;
  openHelp: () => void;
}

/** The keyboard of the trace page. Keys that write text or belong to a field are left alone. */
export function handleTraceKey(event: KeyboardEvent, context: TraceKeyContext): void {
  if (isTaken(event) || isForField(event.target)) return;
  const action = (isOnTree(event.target) ? TREE_ACTIONS.get(event.key) : undefined) ?? PAGE_ACTIONS.get(event.key);
  if (action === undefined) return;
  action(context);
  event.preventDefault();
}

/** By the browser's own shortcuts, an open dialog, or whoever handled it first. */
function isTaken(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return true;
  return document.querySelector('dialog[open]') !== null;
}

function isForField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, select, textarea') !== null;
}

/** Arrow keys also work right after the page has opened, before anything has the focus. */
function isOnTree(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement) || target === document.body) return true;
  return target.closest('[role="treegrid"]') !== null;
}

type KeyAction = (context: TraceKeyContext) => void;

/** While the tree has the focus; by `KeyboardEvent.key`. */
const TREE_ACTIONS: ReadonlyMap<string, KeyAction> = new Map<string, KeyAction>([
  ...Array.from(CURSOR_KEYS, ([key, command]): [string, KeyAction] => [key, moveBy(command)]),
  ['Enter', selectCursor],
  [' ', selectCursor],
]);

/** Anywhere on the page. */
const PAGE_ACTIONS: ReadonlyMap<string, KeyAction> = new Map<string, KeyAction>([
  ['Escape', stepBack],
  ['/', () => document.querySelector<HTMLInputElement>('#find')?.focus()],
  ['n', (context) => step(context, () => context.session.goToMatch(1))],
  ['N', (context) => step(context, () => context.session.goToMatch(-1))],
  ['e', (context) => step(context, () => context.session.goToError())],
  ['?', (context) => context.openHelp()],
  ['+', (context) => zoomBy(context, 0.5)],
  ['-', (context) => zoomBy(context, 2)],
  ['0', (context) => context.session.zoomTo(undefined)],
]);

function moveBy(command: CursorCommand): KeyAction {
  return (context) => step(context, () => context.session.obey(command, context.waterfall?.pageRows ?? 10));
}

function selectCursor({ session }: TraceKeyContext): void {
  session.select(session.index.peek()?.nodes[session.cursor.peek()]?.span.spanId ?? '');
}

function step(context: TraceKeyContext, move: () => void): void {
  move();
  context.waterfall?.showCursor(true);
}

/** Esc goes back one step: details, then zoom, then the trace itself. */
function stepBack({ session, waterfall }: TraceKeyContext): void {
  if (session.selectedSpanId.peek() !== '') {
    session.select('');
    waterfall?.showCursor(true);
  } else if (session.isZoomed.peek()) session.zoomTo(undefined);
  else visit(lastSearch.peek());
}

/** Zooms around the cursor's span. */
function zoomBy({ session }: TraceKeyContext, factor: number): void {
  const view = session.waterfall.peek();
  if (view === undefined) return;
  const middle = ((view.index.startOffsets[view.cursor] ?? 0) + (view.index.endOffsets[view.cursor] ?? 0)) / 2;
  const centre = Math.max(view.window.startNano, Math.min(view.window.endNano, middle));
  session.zoomTo(zoomAround(view.window, centre, factor, Number(view.index.durationNano)));
}
