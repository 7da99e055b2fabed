/** The elements that stay while rows come and go:
 *
 *     head:   | headings of the tree | ruler            |
 *     scroll: | sizer (gives the scroll bar its length)  |
 *             |   sticky (as high as the view)           |
 *             |     rows             | bars (canvas)     |
 *     divider over both, draggable
 */
export interface WaterfallFrame {
  scroll: HTMLElement;
  sizer: HTMLElement;
  sticky: HTMLElement;
  /** The row of headings; span rows follow it. */
  headings: HTMLElement;
  bars: HTMLElement;
  ruler: HTMLElement;
  destroy: () => void;
}

const TREE_WIDTH_PX = { initial: 400, min: 160, marginRight: 240, step: 24 };

export function createWaterfallFrame(host: HTMLElement): WaterfallFrame {
  const frame = element('div', 'waterfall');
  const head = element('div', 'waterfall-head', { 'aria-hidden': 'true' });
  const heading = element('div', 'waterfall-heading');
  heading.textContent = 'Service and operation';
  const ruler = element('div', 'waterfall-ruler', { title: 'Drag to zoom in' });
  const scroll = element('div', 'waterfall-scroll', {
    role: 'treegrid',
    'aria-label': 'Spans of the trace',
    'aria-colcount': '2',
  });
  const sizer = element('div', 'waterfall-sizer', { role: 'presentation' });
  const sticky = element('div', 'waterfall-sticky', { role: 'presentation' });
  const rows = element('div', 'waterfall-rows', { role: 'rowgroup' });
  const bars = element('div', 'waterfall-bars', { 'aria-hidden': 'true' });
  head.append(heading, ruler);
  const headings = createHeadings();
  rows.append(headings);
  sticky.append(rows, bars);
  sizer.append(sticky);
  scroll.append(sizer);
  frame.append(head, scroll, createDivider(frame, host.clientWidth));
  host.append(frame);
  return { scroll, sizer, sticky, headings, bars, ruler, destroy: () => frame.remove() };
}

/** Column headings for assistive technology; the visible ones stand above the scrolled part. */
function createHeadings(): HTMLElement {
  const row = element('div', 'visually-hidden', { role: 'row', 'aria-rowindex': '1' });
  for (const text of ['Service and operation', 'Duration and start']) {
    const cell = element('div', '', { role: 'columnheader' });
    cell.textContent = text;
    row.append(cell);
  }
  return row;
}

function createDivider(frame: HTMLElement, hostWidthPx: number): HTMLElement {
  const divider = element('div', 'waterfall-divider', {
    role: 'separator',
    tabindex: '0',
    'aria-orientation': 'vertical',
    'aria-label': 'Width of the tree in pixels',
  });
  let widthPx = TREE_WIDTH_PX.initial;
  const setWidth = (wanted: number, frameWidth: number): void => {
    const most = Math.max(TREE_WIDTH_PX.min, frameWidth - TREE_WIDTH_PX.marginRight);
    widthPx = Math.round(Math.max(TREE_WIDTH_PX.min, Math.min(most, wanted)));
    frame.style.setProperty('--tree-width', `${widthPx}px`);
    divider.setAttribute('aria-valuenow', String(widthPx));
    divider.setAttribute('aria-valuemin', String(TREE_WIDTH_PX.min));
    divider.setAttribute('aria-valuemax', String(most));
  };
  setWidth(Math.min(widthPx, hostWidthPx * 0.42), hostWidthPx);
  divider.addEventListener('pointerdown', (event) => divider.setPointerCapture(event.pointerId));
  divider.addEventListener('pointermove', (event) => {
    if (divider.hasPointerCapture(event.pointerId))
      setWidth(event.clientX - frame.getBoundingClientRect().left, frame.clientWidth);
  });
  divider.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowLeft') setWidth(widthPx - TREE_WIDTH_PX.step, frame.clientWidth);
    if (event.key === 'ArrowRight') setWidth(widthPx + TREE_WIDTH_PX.step, frame.clientWidth);
  });
  return divider;
}

function element(tag: string, className: string, attributes: Readonly<Record<string, string>> = {}): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}
