import { lastSearch } from './search-session.ts';
import { visit } from '../data/address-bar.ts';
import { cursorCommandOf } from '../data/row-cursor.ts';
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
  if (
    event.defaultPrevented ||
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    document.querySelector('dialog[open]') !== null
  )
    return;
  const target = event.target instanceof HTMLElement ? event.target : undefined;
  if (target?.closest('input, select, textarea') !== null && target !== undefined) return;
  const isHandled = isOnTree(target) && handleTreeKey(event.key, context) ? true : handlePageKey(event.key, context);
  if (isHandled) event.preventDefault();
}

/** Arrow keys also work right after the page has opened, before anything has the focus. */
function isOnTree(target: HTMLElement | undefined): boolean {
  return target === undefined || target === document.body || target.closest('[role="treegrid"]') !== null;
}

function handleTreeKey(key: string, { session, waterfall }: TraceKeyContext): boolean {
  const command = cursorCommandOf(key);
  if (command !== undefined) {
    session.obey(command, waterfall?.pageRows ?? 10);
    waterfall?.showCursor(true);
    return true;
  }
  if (key !== 'Enter' && key !== ' ') return false;
  session.select(session.index.peek()?.nodes[session.cursor.peek()]?.span.spanId ?? '');
  return true;
}

type PageAction = (context: TraceKeyContext) => void;

const PAGE_ACTIONS: Readonly<Record<string, PageAction>> = {
  Escape: stepBack,
  '/': () => document.querySelector<HTMLInputElement>('#find')?.focus(),
  n: (context) => step(context, () => context.session.goToMatch(1)),
  N: (context) => step(context, () => context.session.goToMatch(-1)),
  e: (context) => step(context, () => context.session.goToError()),
  '?': (context) => context.openHelp(),
  '+': (context) => zoomBy(context, 0.5),
  '-': (context) => zoomBy(context, 2),
  '0': (context) => context.session.zoomTo(undefined),
};

function handlePageKey(key: string, context: TraceKeyContext): boolean {
  const action = Object.hasOwn(PAGE_ACTIONS, key) ? PAGE_ACTIONS[key] : undefined;
  action?.(context);
  return action !== undefined;
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
