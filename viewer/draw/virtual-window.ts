export const ROW_HEIGHT_PX = 24;
/** Browsers cap an element's height (Firefox near 17 million px); above this the scroll way is scaled. */
export const SCROLL_HEIGHT_PX_MAX = 12_000_000;

export interface RowWindow {
  /** First row that is at least partly visible, and the one after the last. */
  first: number;
  end: number;
  /** Where the top of row 0 lies relative to the top of the viewport; negative once scrolled. */
  offsetPx: number;
}

/** Height of the element that gives the scroll bar its length. */
export function scrollHeightFor(rowCount: number): number {
  return Math.min(rowCount * ROW_HEIGHT_PX, SCROLL_HEIGHT_PX_MAX);
}

/** The rows to draw at a scroll position: their number depends on the viewport alone, never on the size of the trace. */
export function rowsInView(rowCount: number, scrollTopPx: number, viewportPx: number): RowWindow {
  const offsetPx = -scrollTopPx * scrollScale(rowCount, viewportPx);
  const first = Math.max(0, Math.floor(-offsetPx / ROW_HEIGHT_PX));
  const end = Math.min(rowCount, Math.ceil((viewportPx - offsetPx) / ROW_HEIGHT_PX));
  return { first: Math.min(first, end), end, offsetPx };
}

/** The scroll position that shows a row wholly, moving as little as possible. */
export function scrollTopToShow(row: number, rowCount: number, scrollTopPx: number, viewportPx: number): number {
  const scale = scrollScale(rowCount, viewportPx);
  const top = scrollTopPx * scale;
  const rowTop = row * ROW_HEIGHT_PX;
  if (rowTop < top) return rowTop / scale;
  if (rowTop + ROW_HEIGHT_PX > top + viewportPx) return (rowTop + ROW_HEIGHT_PX - viewportPx) / scale;
  return scrollTopPx;
}

/** Rows pass by this much faster than the scroll bar's pixels: 1 until the height is capped. */
function scrollScale(rowCount: number, viewportPx: number): number {
  const wayPx = scrollHeightFor(rowCount) - viewportPx;
  return wayPx <= 0 ? 1 : (rowCount * ROW_HEIGHT_PX - viewportPx) / wayPx;
}
