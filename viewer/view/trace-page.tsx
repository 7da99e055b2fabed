import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Waterfall } from '../draw/waterfall.ts';
import { DetailPanel } from './detail-panel.tsx';
import { FindBar } from './find-bar.tsx';
import { HelpDialog } from './help-dialog.tsx';
import { MinimapHost } from './minimap-host.tsx';
import { TraceHeader } from './trace-header.tsx';
import { handleTraceKey } from './trace-keys.ts';
import { TraceSession } from './trace-session.ts';
import { TraceUnavailable } from './trace-unavailable.tsx';
import { WaterfallHost } from './waterfall-host.tsx';

export function TracePage({ traceId }: { traceId: string }) {
  const session = useMemo(() => new TraceSession(traceId), [traceId]);
  const waterfall = useRef<Waterfall | undefined>(undefined);
  const [isHelpOpen, setHelpOpen] = useState(false);
  useEffect(() => session.start(), [session]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void =>
      handleTraceKey(event, { session, waterfall: waterfall.current, openHelp: () => setHelpOpen(true) });
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [session]);
  const index = session.index.value;
  useEffect(() => {
    const root = index?.nodes[0]?.span;
    document.title = root === undefined ? 'Trace · Tracelab' : `${root.serviceName} ${root.name} · Tracelab`;
  }, [index]);
  if (index === undefined) return <TraceUnavailable session={session} />;
  return (
    <main class="trace-page">
      <TraceHeader session={session} index={index} onHelp={() => setHelpOpen(true)} />
      <FindBar session={session} />
      <div class={session.selectedSpanId.value === '' ? 'trace-body' : 'trace-body has-details'}>
        <div class="trace-timeline">
          <MinimapHost session={session} />
          <WaterfallHost session={session} onMade={(made) => (waterfall.current = made)} />
        </div>
        {session.selectedSpanId.value !== '' && <DetailPanel session={session} index={index} />}
      </div>
      {isHelpOpen && <HelpDialog onClose={() => setHelpOpen(false)} />}
    </main>
  );
}
