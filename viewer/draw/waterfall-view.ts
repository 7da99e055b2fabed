import type { TraceIndex } from '../data/trace-index.ts';
import type { TimeWindow } from './time-scale.ts';

/** All that the waterfall shows; a new object for every change. */
export interface WaterfallView {
  index: TraceIndex;
  /** Shown rows as positions in `index.nodes` (see visibleRows). */
  rows: Int32Array;
  collapsed: ReadonlySet<string>;
  selectedSpanId: string;
  /** The row that the keyboard moves, as a position in `index.nodes`. */
  cursor: number;
  /** Positions that the reader's search found. */
  matches: ReadonlySet<number>;
  window: TimeWindow;
}

export interface WaterfallEvents {
  onPick: (spanId: string) => void;
  onToggle: (spanId: string, alsoSiblings: boolean) => void;
  /** The reader wants to see this part of the trace. */
  onWindow: (window: TimeWindow) => void;
  onCursor: (position: number) => void;
}

/** Where a span's bar was drawn, in CSS pixels from the canvas's upper left corner. */
export interface BarRectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The bars' canvas tells where it drew each visible span, so that a browser test can click and measure real pixels. Read only. */
export interface BarsCanvas extends HTMLCanvasElement {
  spanRectangles?: ReadonlyMap<string, BarRectangle>;
}
