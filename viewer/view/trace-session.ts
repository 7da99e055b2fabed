import { batch, computed, effect, signal } from '@preact/signals';
import { adjust, viewState } from '../data/address-bar.ts';
import { errorPositions, findSpans, nextPosition } from '../data/find-spans.ts';
import { loadTrace } from '../data/query-api.ts';
import type { QueryProblem } from '../data/query-api.ts';
import { createRefreshLoop } from '../data/refresh-loop.ts';
import { applyCursorCommand } from '../data/row-cursor.ts';
import type { CursorCommand } from '../data/row-cursor.ts';
import { buildTraceIndex } from '../data/trace-index.ts';
import type { TraceIndex } from '../data/trace-index.ts';
import type { TraceView, ZoomWindow } from '../data/url-state.ts';
import { collapsedAncestors, expandableSiblings, rowOfNode, visibleRows } from '../data/visible-rows.ts';
import { keepInside } from '../draw/time-scale.ts';
import type { TimeWindow } from '../draw/time-scale.ts';
import type { WaterfallView } from '../draw/waterfall-view.ts';
import { traceViewOf } from './trace-link.ts';

/** While undecided, more spans may come any moment; an unknown trace may still be on its way. */
const PENDING_RETRY_MS = 700;
const UNKNOWN_RETRY_MS = 2_000;

/** One trace on screen: its data, and every step the reader takes in it. The steps that a link should keep live in the address. */
export class TraceSession {
  readonly traceId: string;
  readonly index = signal<TraceIndex | undefined>(undefined);
  readonly isPending = signal(false);
  readonly problem = signal<QueryProblem | undefined>(undefined);
  readonly cursor = signal(0);
  readonly #state;
  readonly #collapsed = computed(() => new Set(this.#state.value.collapsedSpanIds));
  readonly #rows = computed(() =>
    this.index.value === undefined ? new Int32Array() : visibleRows(this.index.value, this.#collapsed.value),
  );
  readonly matches = computed(() =>
    this.index.value === undefined ? [] : findSpans(this.index.value, this.find.value),
  );
  readonly find = computed(() => this.#state.value.find);
  readonly selectedSpanId = computed(() => this.#state.value.selectedSpanId);
  readonly collapsedCount = computed(() => this.#state.value.collapsedSpanIds.length);
  readonly isZoomed = computed(() => this.#state.value.zoom !== undefined);
  readonly waterfall = computed(() => this.#waterfallView());
  readonly #matchSet = computed(() => new Set(this.matches.value));
  readonly #loop = createRefreshLoop((aborted) => this.#load(aborted));

  constructor(traceId: string) {
    this.traceId = traceId;
    let last: TraceView = traceViewOf(traceId);
    this.#state = computed(() => {
      const state = viewState.value;
      if (state.page === 'trace' && state.traceId === traceId) last = state;
      return last;
    });
  }

  start(): () => void {
    this.#loop.now();
    const stopFollowing = effect(() => this.#putCursorOn(this.selectedSpanId.value));
    return () => {
      stopFollowing();
      this.#loop.stop();
    };
  }

  reload(): void {
    this.#loop.now();
  }

  select(spanId: string): void {
    this.#adjust({ selectedSpanId: spanId });
  }

  /** Shows a span wherever it is: opens what hides it, and moves cursor and details to it. */
  reveal(position: number): void {
    const index = this.index.peek();
    const node = index?.nodes[position];
    if (index === undefined || node === undefined) return;
    const hiding = new Set(collapsedAncestors(index, position, this.#collapsed.peek()));
    batch(() => {
      this.#adjust({
        selectedSpanId: node.span.spanId,
        collapsedSpanIds: this.#state.peek().collapsedSpanIds.filter((id) => !hiding.has(id)),
      });
      this.cursor.value = position;
    });
  }

  toggle(spanId: string, alsoSiblings: boolean): void {
    const index = this.index.peek();
    const position = index?.indexBySpanId.get(spanId);
    if (index === undefined || position === undefined) return;
    const ids = alsoSiblings
      ? expandableSiblings(index, position)
      : (index.nodes[position]?.children.length ?? 0) > 0
        ? [spanId]
        : [];
    const next = new Set(this.#collapsed.peek());
    const isClosing = !next.has(spanId);
    for (const id of ids) {
      if (isClosing) next.add(id);
      else next.delete(id);
    }
    batch(() => {
      this.#adjust({ collapsedSpanIds: [...next] });
      this.#keepCursorVisible();
    });
  }

  zoomTo(window: TimeWindow | undefined): void {
    const duration = Number(this.index.peek()?.durationNano ?? 0n);
    const isWhole = window === undefined || window.endNano - window.startNano >= duration;
    const zoom: ZoomWindow | undefined = isWhole
      ? undefined
      : { startNano: BigInt(window.startNano), endNano: BigInt(window.endNano) };
    this.#adjust({ zoom });
  }

  /** Obeys a key of the tree; the details follow the cursor while they are open. */
  obey(command: CursorCommand, pageRows: number): void {
    const view = this.waterfall.peek();
    if (view === undefined) return;
    const outcome = applyCursorCommand({ ...view, pageRows }, rowOfNode(view.rows, view.cursor), command);
    if (outcome.kind === 'toggle') this.toggle(outcome.spanId, false);
    else this.moveCursor(view.rows[outcome.row] ?? 0);
  }

  moveCursor(position: number): void {
    batch(() => {
      this.cursor.value = position;
      const spanId = this.index.peek()?.nodes[position]?.span.spanId;
      if (this.selectedSpanId.peek() !== '' && spanId !== undefined) this.select(spanId);
    });
  }

  search(text: string): void {
    this.#adjust({ find: text });
  }

  goToMatch(step: 1 | -1): void {
    const next = nextPosition(this.matches.peek(), this.cursor.peek(), step);
    if (next !== undefined) this.reveal(next);
  }

  /** Begins at the top while no details are open: the root itself may be an error. */
  goToError(): void {
    const index = this.index.peek();
    const from = this.selectedSpanId.peek() === '' ? -1 : this.cursor.peek();
    const next = index === undefined ? undefined : nextPosition(errorPositions(index), from, 1);
    if (next !== undefined) this.reveal(next);
  }

  #adjust(part: Partial<TraceView>): void {
    adjust({ ...this.#state.peek(), ...part });
  }

  async #load(aborted: AbortSignal): Promise<void> {
    const loaded = await loadTrace(this.traceId, aborted);
    if (!loaded.ok) {
      this.#takeRefusal(loaded.error);
      return;
    }
    const cursorSpanId = this.index.peek()?.nodes[this.cursor.peek()]?.span.spanId ?? this.selectedSpanId.peek();
    batch(() => {
      this.problem.value = undefined;
      this.isPending.value = loaded.value.isPending;
      this.index.value = buildTraceIndex(this.traceId, loaded.value.data);
      this.#putCursorOn(cursorSpanId);
    });
    if (loaded.value.isPending) setTimeout(() => this.#loop.soon(0), PENDING_RETRY_MS);
  }

  /** A trace that was shown undecided and is now unknown was sampled out: asking again would be in vain. */
  #takeRefusal(problem: QueryProblem): void {
    if (problem.kind === 'aborted') return;
    this.problem.value = problem;
    const isSampledOut = problem.kind === 'not-found' && this.isPending.peek();
    if (isSampledOut) this.isPending.value = false;
    else if (problem.kind !== 'refused') setTimeout(() => this.#loop.soon(0), UNKNOWN_RETRY_MS);
  }

  #putCursorOn(spanId: string): void {
    const position = this.index.peek()?.indexBySpanId.get(spanId);
    if (position !== undefined) this.cursor.value = position;
  }

  /** A cursor whose row was folded away climbs to the span that folded it. */
  #keepCursorVisible(): void {
    const index = this.index.peek();
    if (index === undefined) return;
    const hiding = collapsedAncestors(index, this.cursor.peek(), this.#collapsed.peek());
    const top = hiding.at(-1);
    if (top !== undefined) this.#putCursorOn(top);
  }

  #waterfallView(): WaterfallView | undefined {
    const index = this.index.value;
    if (index === undefined) return undefined;
    const { zoom } = this.#state.value;
    const duration = Number(index.durationNano);
    const whole = { startNano: 0, endNano: duration };
    return {
      index,
      rows: this.#rows.value,
      collapsed: this.#collapsed.value,
      selectedSpanId: this.selectedSpanId.value,
      cursor: this.cursor.value,
      matches: this.#matchSet.value,
      window: keepInside(
        zoom === undefined ? whole : { startNano: Number(zoom.startNano), endNano: Number(zoom.endNano) },
        duration,
      ),
    };
  }
}
