import { isSpanId, isTraceId } from '@tracelab/protocol';
import { readFilter, TEXT_LENGTH_MAX, writeFilter } from './search-filter.ts';
import type { SearchFilter } from './search-filter.ts';

/**
 * The whole state of the viewer is its address:
 *
 *     /?service=…&error=true&paused=true                                             search
 *     /trace/<trace id>?span=<span id>&collapsed=<id>.<id>&zoom=<ns>-<ns>&find=…     one trace
 *     /explain/<trace id>                                                            why it was kept or dropped
 *
 * `/?trace=<trace id>&span=…` and `/?explain=<trace id>` are read as well, for servers that know no address but the root.
 */
export type ViewState = SearchView | TraceView | ExplainView;

export interface SearchView {
  page: 'search';
  filter: SearchFilter;
  isLive: boolean;
}

export interface TraceView {
  page: 'trace';
  traceId: string;
  /** The span whose details are open; empty for none. */
  selectedSpanId: string;
  collapsedSpanIds: string[];
  zoom: ZoomWindow | undefined;
  /** Text that spans are searched for; empty for none. */
  find: string;
}

export interface ExplainView {
  page: 'explain';
  traceId: string;
}

/** Nanoseconds after the start of the trace; the end lies behind the start. */
export interface ZoomWindow {
  startNano: bigint;
  endNano: bigint;
}

/** An address longer than about 2,000 characters is cut by mail programs and chats: the first so many collapsed spans are written. */
export const COLLAPSED_IN_URL_MAX = 80;

export interface Address {
  pathname: string;
  search: string;
}

export function writeViewState(state: ViewState): string {
  const query = new URLSearchParams();
  if (state.page === 'search') writeSearch(state, query);
  else if (state.page === 'trace') writeTrace(state, query);
  const path = state.page === 'search' ? '/' : `/${state.page}/${state.traceId}`;
  const text = query.toString();
  return text === '' ? path : `${path}?${text}`;
}

function writeSearch(state: SearchView, query: URLSearchParams): void {
  writeFilter(state.filter, query);
  if (!state.isLive) query.set('paused', 'true');
}

function writeTrace(state: TraceView, query: URLSearchParams): void {
  if (state.selectedSpanId !== '') query.set('span', state.selectedSpanId);
  if (state.collapsedSpanIds.length > 0)
    query.set('collapsed', state.collapsedSpanIds.slice(0, COLLAPSED_IN_URL_MAX).join('.'));
  if (state.zoom !== undefined) query.set('zoom', `${state.zoom.startNano}-${state.zoom.endNano}`);
  if (state.find !== '') query.set('find', state.find);
}

/** Never throws: what cannot be read is left out, and `problems` says so in words for the reader. */
export function readViewState(address: Address): { state: ViewState; problems: string[] } {
  const query = new URLSearchParams(address.search);
  const problems: string[] = [];
  const named = namedTrace(address.pathname, query);
  if (named !== undefined) {
    const { page, traceId } = named;
    if (isTraceId(traceId))
      return { state: page === 'trace' ? readTrace(traceId, query, problems) : { page, traceId }, problems };
    problems.push(`${page} should be a trace id of 32 lower-case hex digits: the search is shown instead`);
  }
  return { state: readSearch(query, problems), problems };
}

type TracePage = (TraceView | ExplainView)['page'];

function namedTrace(pathname: string, query: URLSearchParams): { page: TracePage; traceId: string } | undefined {
  const [, folder, inPath] = /^\/(trace|explain)\/([^/]+)\/?$/.exec(pathname) ?? [];
  for (const page of ['trace', 'explain'] as const) {
    const traceId = folder === undefined ? query.get(page) : folder === page ? inPath : undefined;
    if (typeof traceId === 'string') return { page, traceId };
  }
  return undefined;
}

function readSearch(query: URLSearchParams, problems: string[]): SearchView {
  const paused = query.get('paused');
  if (paused !== null && paused !== 'true' && paused !== 'false') problems.push('paused should be true or false');
  return { page: 'search', filter: readFilter(query, problems), isLive: paused !== 'true' };
}

function readTrace(traceId: string, query: URLSearchParams, problems: string[]): TraceView {
  return {
    page: 'trace',
    traceId,
    selectedSpanId: readSpanId(query.get('span'), problems),
    collapsedSpanIds: readCollapsed(query.get('collapsed'), problems),
    zoom: readZoom(query.get('zoom'), problems),
    find: readFind(query.get('find'), problems),
  };
}

function readSpanId(text: string | null, problems: string[]): string {
  if (text === null || isSpanId(text)) return text ?? '';
  problems.push('span should be a span id of 16 lower-case hex digits');
  return '';
}

function readCollapsed(text: string | null, problems: string[]): string[] {
  if (text === null) return [];
  const ids = text.split('.');
  const usable = [...new Set(ids.filter(isSpanId))].slice(0, COLLAPSED_IN_URL_MAX);
  if (usable.length < ids.length)
    problems.push(
      `collapsed should be at most ${COLLAPSED_IN_URL_MAX} different span ids joined by dots: ${ids.length - usable.length} left out`,
    );
  return usable;
}

function readZoom(text: string | null, problems: string[]): ZoomWindow | undefined {
  if (text === null) return undefined;
  const match = /^(\d{1,19})-(\d{1,19})$/.exec(text);
  const startNano = BigInt(match?.[1] ?? 0);
  const endNano = BigInt(match?.[2] ?? 0);
  if (startNano < endNano) return { startNano, endNano };
  problems.push('zoom should be two numbers of nanoseconds joined by a hyphen, the smaller first');
  return undefined;
}

function readFind(text: string | null, problems: string[]): string {
  if (text === null || text.length <= TEXT_LENGTH_MAX) return text ?? '';
  problems.push(`find has ${text.length} characters, at most ${TEXT_LENGTH_MAX} are allowed`);
  return '';
}
