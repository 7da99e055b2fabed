import { nanoAt, panBy, zoomAround } from './time-scale.ts';
import type { TimeWindow } from './time-scale.ts';

export interface TrackPlace {
  /** Where the time track lies on screen. */
  leftPx: number;
  widthPx: number;
  window: TimeWindow;
  durationNano: number;
}

/** Ctrl+wheel zooms at the pointer, shift+wheel (or a sideways wheel) pans; undefined where the wheel means to scroll. */
export function windowAfterWheel(event: WheelEvent, track: TrackPlace): TimeWindow | undefined {
  const { window, durationNano } = track;
  if (event.ctrlKey) {
    const x = Math.max(0, Math.min(track.widthPx, event.clientX - track.leftPx));
    const factor = Math.exp(Math.max(-0.5, Math.min(0.5, event.deltaY * 0.004)));
    return zoomAround(window, nanoAt(x, window, track.widthPx), factor, durationNano);
  }
  const sideways = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
  if (!event.shiftKey && Math.abs(event.deltaX) <= Math.abs(event.deltaY)) return undefined;
  return panBy(window, (sideways / Math.max(1, track.widthPx)) * (window.endNano - window.startNano), durationNano);
}
