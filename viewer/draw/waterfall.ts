import { SERVICE_COLOURS } from '../data/service-colour.ts';
import { rowOfNode } from '../data/visible-rows.ts';
import { drawBars } from './bars.ts';
import { createCanvasSurface } from './canvas-surface.ts';
import type { CanvasSurface } from './canvas-surface.ts';
import { readPalette, watchTheme } from './palette.ts';
import type { Palette } from './palette.ts';
import { RowPool } from './row-pool.ts';
import { createRuler } from './ruler.ts';
import type { Ruler } from './ruler.ts';
import { keepInside } from './time-scale.ts';
import { ROW_HEIGHT_PX, rowsInView, scrollHeightFor, scrollTopToShow } from './virtual-window.ts';
import type { BarsCanvas, WaterfallEvents, WaterfallView } from './waterfall-view.ts';
import { createWaterfallFrame } from './waterfall-frame.ts';
import type { WaterfallFrame } from './waterfall-frame.ts';
import { windowAfterWheel } from './wheel-gestures.ts';

/**
 * The tree of spans with its bars, without any framework: recycled rows on the left, one canvas on the right. Both are
 * placed by the same frame, so names and bars can never come apart while scrolling.
 */
export class Waterfall {
  readonly #frame: WaterfallFrame;
  readonly #events: WaterfallEvents;
  readonly #pool: RowPool;
  readonly #bars: CanvasSurface;
  readonly #ruler: Ruler;
  readonly #unwatchTheme: () => void;
  #palette: Palette;
  #view: WaterfallView | undefined;
  #scheduled = 0;

  constructor(host: HTMLElement, events: WaterfallEvents) {
    this.#events = events;
    this.#frame = createWaterfallFrame(host);
    this.#palette = readPalette(host, SERVICE_COLOURS);
    this.#pool = new RowPool(this.#frame.headings);
    this.#bars = createCanvasSurface(this.#frame.bars, () => this.#schedule());
    this.#ruler = createRuler(this.#frame.ruler, (window) => this.#askForWindow(window));
    this.#unwatchTheme = watchTheme(() => {
      this.#palette = readPalette(host, SERVICE_COLOURS);
      this.#schedule();
    });
    this.#listen(this.#frame.scroll);
  }

  update(view: WaterfallView): void {
    this.#view = view;
    this.#frame.sizer.style.height = `${Math.max(scrollHeightFor(view.rows.length), 1)}px`;
    this.#frame.scroll.setAttribute('aria-rowcount', String(view.rows.length + 1));
    this.#schedule();
  }

  /** How many whole rows fit: what a page key moves by. */
  get pageRows(): number {
    return Math.max(1, Math.floor(this.#frame.scroll.clientHeight / ROW_HEIGHT_PX) - 1);
  }

  /** Scrolls to the cursor's row and gives it the focus, if the tree has it or `takeFocus` says so. */
  showCursor(takeFocus: boolean): void {
    const view = this.#view;
    const row = view === undefined ? -1 : rowOfNode(view.rows, view.cursor);
    if (view === undefined || row < 0) return;
    const { scroll } = this.#frame;
    scroll.scrollTop = scrollTopToShow(row, view.rows.length, scroll.scrollTop, scroll.clientHeight);
    this.#render();
    if (takeFocus || scroll.contains(document.activeElement))
      this.#pool.rowOf(view.cursor)?.focus({ preventScroll: true });
  }

  destroy(): void {
    cancelAnimationFrame(this.#scheduled);
    this.#unwatchTheme();
    this.#bars.destroy();
    this.#ruler.destroy();
    this.#frame.destroy();
  }

  #schedule(): void {
    if (this.#scheduled !== 0) return;
    this.#scheduled = requestAnimationFrame(() => this.#render());
  }

  #render(): void {
    cancelAnimationFrame(this.#scheduled);
    this.#scheduled = 0;
    const view = this.#view;
    if (view === undefined) return;
    const { scroll } = this.#frame;
    this.#frame.sticky.style.height = `${scroll.clientHeight}px`;
    const rowWindow = rowsInView(view.rows.length, scroll.scrollTop, scroll.clientHeight);
    this.#pool.show(view, rowWindow);
    this.#ruler.draw(this.#palette, view.window);
    const context = this.#bars.begin();
    if (context === undefined) return;
    const { widthPx, heightPx } = this.#bars;
    const canvas: BarsCanvas = this.#bars.canvas;
    canvas.spanRectangles = drawBars({ context, palette: this.#palette, view, rowWindow, widthPx, heightPx });
  }

  #askForWindow(window: { startNano: number; endNano: number }): void {
    if (this.#view !== undefined) this.#events.onWindow(keepInside(window, Number(this.#view.index.durationNano)));
  }

  #listen(scroll: HTMLElement): void {
    scroll.addEventListener('scroll', () => this.#schedule(), { passive: true });
    scroll.addEventListener('click', (event) => this.#click(event));
    scroll.addEventListener('dblclick', (event) => this.#zoomToSpan(spanIdOf(event)));
    scroll.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
    scroll.addEventListener('focusin', (event) => {
      const position = this.#view?.index.indexBySpanId.get(spanIdOf(event));
      if (position !== undefined && position !== this.#view?.cursor) this.#events.onCursor(position);
    });
  }

  #click(event: MouseEvent): void {
    const spanId = spanIdOf(event);
    if (spanId === '') return;
    const isCaret = event.target instanceof Element && event.target.closest('.span-caret') !== null;
    if (isCaret || event.altKey) this.#events.onToggle(spanId, event.altKey);
    else this.#events.onPick(spanId);
  }

  #zoomToSpan(spanId: string): void {
    const index = this.#view?.index;
    const position = index?.indexBySpanId.get(spanId);
    if (index === undefined || position === undefined) return;
    const startNano = index.startOffsets[position] ?? 0;
    const endNano = index.endOffsets[position] ?? 0;
    const marginNano = Math.max(5, (endNano - startNano) * 0.05);
    this.#askForWindow({ startNano: startNano - marginNano, endNano: endNano + marginNano });
  }

  #wheel(event: WheelEvent): void {
    const view = this.#view;
    if (view === undefined) return;
    const leftPx = this.#frame.bars.getBoundingClientRect().left;
    const window = windowAfterWheel(event, {
      leftPx,
      widthPx: this.#bars.widthPx,
      window: view.window,
      durationNano: Number(view.index.durationNano),
    });
    if (window === undefined) return;
    event.preventDefault();
    this.#askForWindow(window);
  }
}

function spanIdOf(event: Event): string {
  const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-span-id]') : null;
  return row?.dataset['spanId'] ?? '';
}
