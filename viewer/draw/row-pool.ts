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
  readonly #parent: HTMLElement;
  readonly #elementByPosition = new Map<number, RowElement>();
  readonly #spare: RowElement[] = [];
  #filledFor: WaterfallView | undefined;

  constructor(parent: HTMLElement) {
    this.#parent = parent;
  }

  show(view: WaterfallView, rowWindow: RowWindow): void {
    const wanted = wantedRows(view, rowWindow);
    this.#release(wanted);
    const isStale = this.#filledFor?.index !== view.index || this.#filledFor.rows !== view.rows;
    for (const [position, row] of wanted) {
      let parts = this.#elementByPosition.get(position);
      if (parts === undefined || isStale) {
        parts ??= this.#take(position);
        fillRowElement(parts, view, position);
      }
      markRowElement(parts, view, position, row * ROW_HEIGHT_PX + rowWindow.offsetPx);
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

  #take(position: number): RowElement {
    const parts = this.#spare.pop() ?? createRowElement();
    if (!parts.row.isConnected) this.#parent.append(parts.row);
    this.#elementByPosition.set(position, parts);
    return parts;
  }
}

/** Positions to show and their rows. */
function wantedRows(view: WaterfallView, rowWindow: RowWindow): Map<number, number> {
  const wanted = new Map<number, number>();
  for (let row = rowWindow.first; row < rowWindow.end; row++) wanted.set(view.rows[row] ?? 0, row);
  const cursorRow = rowOfNode(view.rows, view.cursor);
  if (cursorRow >= 0) wanted.set(view.cursor, cursorRow);
  return wanted;
}
