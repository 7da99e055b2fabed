import { effect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Waterfall } from '../draw/waterfall.ts';
import type { TraceSession } from './trace-session.ts';

interface WaterfallHostProps {
  session: TraceSession;
  onMade: (waterfall: Waterfall | undefined) => void;
}

/** Where the page's framework ends: below here the waterfall draws itself. */
export function WaterfallHost({ session, onMade }: WaterfallHostProps) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (host.current === null) return undefined;
    const made = new Waterfall(host.current, {
      onPick: (spanId) => {
        session.select(spanId);
        made.showCursor(true);
      },
      onToggle: (spanId, alsoSiblings) => session.toggle(spanId, alsoSiblings),
      onWindow: (window) => session.zoomTo(window),
      onCursor: (position) => {
        session.cursor.value = position;
      },
    });
    onMade(made);
    // Not useSignalEffect, which waits for the next frame: a key moves the cursor and then asks the waterfall to show it.
    const stopFollowing = effect(() => {
      const view = session.waterfall.value;
      if (view !== undefined) made.update(view);
    });
    made.showCursor(false);
    return () => {
      onMade(undefined);
      stopFollowing();
      made.destroy();
    };
  }, [session]);
  return <div class="waterfall-host" ref={host} />;
}
