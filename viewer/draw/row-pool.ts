import { rowOfNode } from '../data/visible-rows.ts';
import { createRowElement, fillRowElement, markRowElement } from './row-element.ts';
import type { RowElement } from './row-element.ts';
import { ROW_HEIGHT_PX } from './virtual-window.ts';
import type { RowWindow } from './virtual-window.ts';
import type { WaterfallView } from './waterfall-view.ts';

/**
 * As many row elements as fit on screen, however long the trace: rows that leave lend their elements to rows that
 * come. The cursor's row stays even while it is off screen, since it may hold the focus.
 */
export class RowPool {
  readonly #headings: Element;
  readonly #elementByPosition = new Map<number, RowElement>();
  readonly #spare: RowElement[] = [];
  #filledFor: WaterfallView | undefined;

  /** Rows are put below this one. */
  constructor(headings: Element) {
    this.#headings = headings;
  }

  show(view: WaterfallView, rowWindow: RowWindow): void {
    const wanted = wantedRows(view, rowWindow);
    this.#release(wanted);
    const isStale = this.#filledFor?.index !== view.index || this.#filledFor.rows !== view.rows;
    let above = this.#headings;
    for (const [position, row] of wanted) {
      let parts = this.#elementByPosition.get(position);
      if (parts === undefined || isStale) {
        parts ??= this.#take(position, above);
        fillRowElement(parts, view, position);
      }
      markRowElement(parts, view, position, row * ROW_HEIGHT_PX + rowWindow.offsetPx);
      above = parts.row;
    }
    this.#filledFor = view;
    for (const parts of this.#spare.splice(0)) parts.row.remove();
  }

  rowOf(position: number): HTMLElement | undefined {
    return this.#elementByPosition.get(position)?.row;
  }

  #release(wanted: ReadonlyMap<number, number>): void {
    for (const [position, parts] of this.#elementByPosition) {
      if (wanted.has(position)) continue;
      this.#elementByPosition.delete(position);
      this.#spare.push(parts);
    }
  }

  /** Screen readers read in document order, so a row that comes is put below the one above it; the others stay, and keep their focus. */
  #take(position: number, above: Element): RowElement {
    const parts = this.#spare.pop() ?? createRowElement();
    above.after(parts.row);
    this.#elementByPosition.set(position, parts);
    return parts;
  }
}

/** Positions to show and their rows, from top to bottom. */
function wantedRows(view: WaterfallView, rowWindow: RowWindow): Map<number, number> {
  const wanted = new Map<number, number>();
  for (let row = rowWindow.first; row < rowWindow.end; row++) wanted.set(view.rows[row] ?? 0, row);
  const cursorRow = rowOfNode(view.rows, view.cursor);
  if (cursorRow < 0 || wanted.has(view.cursor)) return wanted;
  const cursor: [number, number] = [view.cursor, cursorRow];
  return new Map(cursorRow < rowWindow.first ? [cursor, ...wanted] : [...wanted, cursor]);
}
