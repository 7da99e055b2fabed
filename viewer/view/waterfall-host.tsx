import { useSignalEffect } from '@preact/signals';
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
  const waterfall = useRef<Waterfall | undefined>(undefined);
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
    waterfall.current = made;
    onMade(made);
    const view = session.waterfall.peek();
    if (view !== undefined) made.update(view);
    made.showCursor(false);
    return () => {
      onMade(undefined);
      made.destroy();
    };
  }, [session]);
  useSignalEffect(() => {
    const view = session.waterfall.value;
    if (view !== undefined) waterfall.current?.update(view);
  });
  return <div class="waterfall-host" ref={host} />;
}
