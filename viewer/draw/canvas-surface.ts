/** A canvas that fills its parent at the screen's own resolution. Hidden from assistive technology: what it shows, the page also says in text. */
export interface CanvasSurface {
  readonly canvas: HTMLCanvasElement;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Clears the canvas and hands out its context in CSS pixels; undefined while it has no size. */
  begin: () => CanvasRenderingContext2D | undefined;
  destroy: () => void;
}

export function createCanvasSurface(parent: HTMLElement, onResize: () => void): CanvasSurface {
  const canvas = document.createElement('canvas');
  canvas.setAttribute('aria-hidden', 'true');
  parent.append(canvas);
  const size = { widthPx: parent.clientWidth, heightPx: parent.clientHeight };
  const measure = (): void => {
    size.widthPx = parent.clientWidth;
    size.heightPx = parent.clientHeight;
  };
  const observer = new ResizeObserver(() => {
    measure();
    onResize();
  });
  observer.observe(parent);

  function begin(): CanvasRenderingContext2D | undefined {
    // The parent may have got its size since, in this very frame.
    if (size.widthPx === 0 || size.heightPx === 0) measure();
    const context = canvas.getContext('2d');
    if (context === null || size.widthPx === 0 || size.heightPx === 0) return undefined;
    const ratio = window.devicePixelRatio;
    const width = Math.round(size.widthPx * ratio);
    const height = Math.round(size.heightPx * ratio);
    // Setting the size, even to the same, throws the pixels away and costs an allocation.
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, size.widthPx, size.heightPx);
    return context;
  }

  return {
    canvas,
    get widthPx() {
      return size.widthPx;
    },
    get heightPx() {
      return size.heightPx;
    },
    begin,
    destroy: () => {
      observer.disconnect();
      canvas.remove();
    },
  };
}
