/** A stretch of an element in pixels from its left edge, from < to. */
export interface PixelRange {
  fromPx: number;
  toPx: number;
}

export interface DragEvents {
  /** While dragging; undefined once it ends. */
  onDrag: (range: PixelRange | undefined) => void;
  onDone: (range: PixelRange) => void;
}

/** Shorter drags are clicks. */
const DRAG_PX_MIN = 4;

/** Lets the reader drag out a stretch of an element, with mouse, pen or finger. */
export function listenForDrag(host: HTMLElement, events: DragEvents): void {
  let startPx: number | undefined;
  const rangeTo = (from: number, event: PointerEvent): PixelRange => {
    const box = host.getBoundingClientRect();
    const at = Math.max(0, Math.min(box.width, event.clientX - box.left));
    return { fromPx: Math.min(from, at), toPx: Math.max(from, at) };
  };
  const finish = (): void => {
    startPx = undefined;
    events.onDrag(undefined);
  };
  host.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    host.setPointerCapture(event.pointerId);
    startPx = event.clientX - host.getBoundingClientRect().left;
  });
  host.addEventListener('pointermove', (event) => {
    if (startPx !== undefined) events.onDrag(rangeTo(startPx, event));
  });
  host.addEventListener('pointercancel', finish);
  host.addEventListener('pointerup', (event) => {
    const range = startPx === undefined ? undefined : rangeTo(startPx, event);
    finish();
    if (range !== undefined && range.toPx - range.fromPx >= DRAG_PX_MIN) events.onDone(range);
  });
}
