import type { Flow } from './traffic.ts';

/** What waits for its decision at one time. */
export interface TailBuffer {
  /** From the first span of a trace to its decision: the window and one unfinished tick. */
  heldS: number;
  traces: number;
  spans: number;
  /** As they came over the wire. */
  rawBytes: number;
}

/** A trace stays at least for the window, which begins at its first span, and at most one tick of the decision loop longer. */
export function tailBufferOf(arriving: Flow, windowS: number, tickS: number): TailBuffer {
  const heldS = windowS + tickS;
  return {
    heldS,
    traces: arriving.tracesPerSecond * heldS,
    spans: arriving.spansPerSecond * heldS,
    rawBytes: arriving.bytesPerSecond * heldS,
  };
}
