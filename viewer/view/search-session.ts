import { effect, signal } from '@preact/signals';
import type { TraceSearchReply } from '@tracelab/protocol';
import { viewState, visit } from '../data/address-bar.ts';
import { openLiveFeed } from '../data/live-feed.ts';
import type { FeedStatus } from '../data/live-feed.ts';
import { listOperations, listServices, searchTraces } from '../data/query-api.ts';
import type { QueryProblem } from '../data/query-api.ts';
import { createRefreshLoop } from '../data/refresh-loop.ts';
import { listConditions } from '../data/search-conditions.ts';
import type { SearchCondition } from '../data/search-conditions.ts';
import { FILTER_DEFAULT } from '../data/search-filter.ts';
import type { SearchFilter } from '../data/search-filter.ts';
import type { SearchView } from '../data/url-state.ts';

const RETRY_MS = 2_000;
const SEARCH_DEFAULT: SearchView = { page: 'search', filter: FILTER_DEFAULT, isLive: true };

/** The search that the trace page's way back leads to. */
export const lastSearch = signal<SearchView>(SEARCH_DEFAULT);

/** The search page's data: asks whenever the filter changes or something new was stored, and again while the collector is away. */
export class SearchSession {
  readonly reply = signal<TraceSearchReply | undefined>(undefined);
  readonly problem = signal<QueryProblem | undefined>(undefined);
  readonly feed = signal<FeedStatus>('connecting');
  /** Something was stored while the reader had paused. */
  readonly hasNews = signal(false);
  readonly services = signal<readonly string[]>([]);
  readonly operations = signal<readonly string[]>([]);
  /** Conditions without which the search would find something; only asked for where nothing matches. */
  readonly loosenable = signal<readonly SearchCondition[]>([]);
  readonly #loop = createRefreshLoop((aborted) => this.#ask(aborted));
  readonly #stopped = new AbortController();
  #askedFor: SearchFilter | undefined;
  #probedFor: SearchFilter | undefined;

  /** Starts asking; the returned function ends it. */
  start(): () => void {
    const feed = openLiveFeed({
      onStored: () => this.#onStored(),
      onStatus: (status) => {
        this.feed.value = status;
      },
    });
    const stopFollowing = effect(() => this.#follow(searchOf(viewState.value)));
    return () => {
      stopFollowing();
      feed.close();
      this.#loop.stop();
      this.#stopped.abort();
    };
  }

  refresh(): void {
    this.hasNews.value = false;
    this.#loop.now();
  }

  #follow(search: SearchView): void {
    lastSearch.value = search;
    if (this.#askedFor === search.filter) return;
    if (this.#askedFor?.service !== search.filter.service) void this.#loadOperations(search.filter.service);
    this.#askedFor = search.filter;
    this.loosenable.value = [];
    this.#loop.now();
  }

  #onStored(): void {
    if (lastSearch.peek().isLive) this.#loop.soon(this.reply.peek() === undefined ? 0 : undefined);
    else this.hasNews.value = this.reply.peek() !== undefined;
  }

  async #ask(aborted: AbortSignal): Promise<void> {
    const { filter } = lastSearch.peek();
    const found = await searchTraces(filter, aborted);
    if (!found.ok) {
      if (found.error.kind === 'aborted') return;
      this.problem.value = found.error;
      if (found.error.kind === 'unreachable') setTimeout(() => this.#loop.soon(0), RETRY_MS);
      return;
    }
    this.problem.value = undefined;
    this.reply.value = found.value;
    await this.#loadServices(found.value);
    if (found.value.traces.length === 0) await this.#probe(filter);
  }

  /** Asked for again only when a trace shows a service that the list lacks. */
  async #loadServices(found: TraceSearchReply): Promise<void> {
    const known = new Set(this.services.peek());
    if (known.size > 0 && found.traces.every((trace) => trace.services.every(({ service }) => known.has(service))))
      return;
    const services = await listServices(this.#stopped.signal);
    if (services.ok) this.services.value = services.value.services;
  }

  async #loadOperations(service: string): Promise<void> {
    this.operations.value = [];
    if (service === '') return;
    const operations = await listOperations(service, this.#stopped.signal);
    if (operations.ok && lastSearch.peek().filter.service === service)
      this.operations.value = operations.value.operations;
  }

  /** Where nothing matches, finds out which single condition is in the way. */
  async #probe(filter: SearchFilter): Promise<void> {
    if (this.#probedFor === filter) return;
    this.#probedFor = filter;
    const found: SearchCondition[] = [];
    for (const condition of listConditions(filter)) {
      const reply = await searchTraces({ ...condition.without, limit: 1 }, this.#stopped.signal);
      if (reply.ok && reply.value.traces.length > 0) found.push(condition);
    }
    if (lastSearch.peek().filter === filter) this.loosenable.value = found;
  }
}

function searchOf(state: { page: string }): SearchView {
  return isSearch(state) ? state : lastSearch.peek();
}

function isSearch(state: { page: string }): state is SearchView {
  return state.page === 'search';
}

export function applyFilter(filter: SearchFilter): void {
  visit({ ...lastSearch.peek(), filter });
}

export function setLive(isLive: boolean): void {
  visit({ ...lastSearch.peek(), isLive });
}
