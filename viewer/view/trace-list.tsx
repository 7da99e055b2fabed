import { useEffect, useState } from 'preact/hooks';
import type { ServiceSpanCount, TraceSummary } from '@tracelab/protocol';
import { formatDuration, formatExactNano } from '../data/duration.ts';
import { formatAge, formatDay, formatTimeOfDay } from '../data/instant.ts';
import { assignServiceColours } from '../data/service-colour.ts';
import { writeViewState } from '../data/url-state.ts';
import { traceViewOf } from './trace-link.ts';

const AGE_TICK_MS = 5_000;
/** More chips than this say less than a number does. */
const CHIPS_MAX = 8;

/** The traces found, newest first. */
export function TraceList({ traces }: { traces: readonly TraceSummary[] }) {
  const nowUnixMs = useNow(AGE_TICK_MS);
  const slowest = traces.reduce((most, trace) => Math.max(most, Number(trace.durationNano)), 1);
  return (
    <ol class="trace-list" aria-label="Traces found, newest first">
      {traces.map((trace) => (
        <li key={trace.traceId}>
          <TraceRow trace={trace} durationShare={Number(trace.durationNano) / slowest} nowUnixMs={nowUnixMs} />
        </li>
      ))}
    </ol>
  );
}

interface TraceRowProps {
  trace: TraceSummary;
  durationShare: number;
  nowUnixMs: number;
}

function TraceRow({ trace, durationShare, nowUnixMs }: TraceRowProps) {
  const start = BigInt(trace.startTimeUnixNano);
  const duration = BigInt(trace.durationNano);
  return (
    <a class="trace-row" href={writeViewState(traceViewOf(trace.traceId))} data-trace-id={trace.traceId}>
      <span class="trace-name">
        <span class="trace-root">
          <b>{trace.rootService === '' ? 'root not yet here' : trace.rootService}</b> {trace.rootName}
        </span>
        <ServiceChips services={trace.services} />
      </span>
      <span class="trace-duration" title={formatExactNano(duration)}>
        <span class="figure">{formatDuration(duration)}</span>
        <span class={trace.errorCount > 0 ? 'duration-bar is-error' : 'duration-bar'} aria-hidden="true">
          <span style={{ width: `${Math.max(1, durationShare * 100)}%` }} />
        </span>
      </span>
      <span class="trace-count">
        <span class="figure">{trace.spanCount}</span> {trace.spanCount === 1 ? 'span' : 'spans'}
      </span>
      <span class="trace-errors">
        {trace.errorCount > 0 && (
          <span class="error-text">▲ {trace.errorCount === 1 ? '1 error' : `${trace.errorCount} errors`}</span>
        )}
      </span>
      <span class="trace-start" title={formatDay(start)}>
        <span class="figure">{formatTimeOfDay(start)}</span>
        <span class="quiet">{formatAge(start, nowUnixMs)}</span>
      </span>
    </a>
  );
}

function ServiceChips({ services }: { services: readonly ServiceSpanCount[] }) {
  const colours = assignServiceColours(services.map(({ service }) => service));
  const hidden = services.length - CHIPS_MAX;
  return (
    <span class="chips">
      {services.slice(0, CHIPS_MAX).map(({ service, spanCount, errorCount }) => (
        <span class="chip" key={service}>
          <span class="swatch" style={{ '--swatch': `var(--service-${colours.get(service) ?? 0})` }} />
          {service} <span class="chip-count">{spanCount}</span>
          {errorCount > 0 && (
            <span class="error-text" title={`${errorCount} with an error`}>
              ▲<span class="visually-hidden">with errors</span>
            </span>
          )}
        </span>
      ))}
      {hidden > 0 && <span class="chip">+{hidden} more</span>}
    </span>
  );
}

/** The time, anew every so often, so that ages stay true. */
function useNow(everyMs: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
