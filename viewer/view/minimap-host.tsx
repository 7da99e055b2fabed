import { effect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { createMinimap } from '../draw/minimap.ts';
import type { TraceSession } from './trace-session.ts';

export function MinimapHost({ session }: { session: TraceSession }) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (host.current === null) return undefined;
    const made = createMinimap(host.current, (window) => session.zoomTo(window));
    const stopFollowing = effect(() => {
      const view = session.waterfall.value;
      if (view !== undefined) made.update(view.index, view.window);
    });
    return () => {
      stopFollowing();
      made.destroy();
    };
  }, [session]);
  return <div class="minimap" ref={host} aria-hidden="true" title="Drag to zoom in" />;
}
