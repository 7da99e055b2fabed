import { useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { createMinimap } from '../draw/minimap.ts';
import type { Minimap } from '../draw/minimap.ts';
import type { TraceSession } from './trace-session.ts';

export function MinimapHost({ session }: { session: TraceSession }) {
  const host = useRef<HTMLDivElement>(null);
  const minimap = useRef<Minimap | undefined>(undefined);
  useEffect(() => {
    if (host.current === null) return undefined;
    const made = createMinimap(host.current, (window) => session.zoomTo(window));
    minimap.current = made;
    const view = session.waterfall.peek();
    if (view !== undefined) made.update(view.index, view.window);
    return () => made.destroy();
  }, [session]);
  useSignalEffect(() => {
    const view = session.waterfall.value;
    if (view !== undefined) minimap.current?.update(view.index, view.window);
  });
  return <div class="minimap" ref={host} aria-hidden="true" title="Drag to zoom in" />;
}
