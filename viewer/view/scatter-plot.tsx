import { useEffect, useRef } from 'preact/hooks';
import type { TraceSummary } from '@tracelab/protocol';
import { visit } from '../data/address-bar.ts';
import { millisecondsFromNano } from '../data/instant.ts';
import { createScatter } from '../draw/scatter.ts';
import type { Scatter } from '../draw/scatter.ts';
import { traceViewOf } from './trace-link.ts';

/** Durations of the traces found, over time. */
export function ScatterPlot({ traces }: { traces: readonly TraceSummary[] }) {
  const host = useRef<HTMLDivElement>(null);
  const scatter = useRef<Scatter | undefined>(undefined);
  useEffect(() => {
    if (host.current === null) return undefined;
    const made = createScatter(host.current, (traceId) => visit(traceViewOf(traceId)));
    scatter.current = made;
    return () => made.destroy();
  }, []);
  useEffect(() => {
    scatter.current?.update(
      traces.map((trace) => ({
        traceId: trace.traceId,
        startUnixMs: millisecondsFromNano(BigInt(trace.startTimeUnixNano)),
        durationNano: Number(trace.durationNano),
        isError: trace.errorCount > 0,
      })),
    );
  }, [traces]);
  return <div class="scatter" ref={host} aria-hidden="true" />;
}
