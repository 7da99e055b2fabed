import { formatDuration, formatExactNano } from '../data/duration.ts';
import { formatInstant, isoFromNano } from '../data/instant.ts';
import type { TraceIndex } from '../data/trace-index.ts';
import { COLLAPSED_IN_URL_MAX, writeViewState } from '../data/url-state.ts';
import { CopyButton } from './copy-button.tsx';
import { Fact } from './fact.tsx';
import { lastSearch } from './search-session.ts';
import { explainViewOf } from './trace-link.ts';
import type { TraceSession } from './trace-session.ts';

interface TraceHeaderProps {
  session: TraceSession;
  index: TraceIndex;
  onHelp: () => void;
}

export function TraceHeader({ session, index, onHelp }: TraceHeaderProps) {
  const root = index.nodes[0]?.span;
  return (
    <header class="trace-header">
      <nav class="trace-title">
        <a class="back" href={writeViewState(lastSearch.value)}>
          ← Traces
        </a>
        <h1>
          <b data-field="root-service">{root?.serviceName ?? 'empty trace'}</b>{' '}
          <span data-field="root-name">{root?.name}</span>
        </h1>
        <TraceFate session={session} />
        <span class="trace-tools">
          {session.isZoomed.value && (
            <button type="button" class="button" onClick={() => session.zoomTo(undefined)}>
              Reset zoom
            </button>
          )}
          <WhyLink session={session} />
          <CopyButton text={index.traceId} label="Copy trace id" />
          <button type="button" class="button" aria-label="Keyboard help" onClick={onHelp}>
            ?
          </button>
        </span>
      </nav>
      <TraceFacts session={session} index={index} />
      <ServiceLegend index={index} />
    </header>
  );
}

function WhyLink({ session }: { session: TraceSession }) {
  const isSampledOut = session.problem.value?.kind === 'not-found';
  return (
    <a class="button" href={writeViewState(explainViewOf(session.traceId))}>
      {session.isPending.value ? 'Kept?' : isSampledOut ? 'Why not kept?' : 'Why kept?'}
    </a>
  );
}

/** What is not settled about the trace, or has gone wrong since it was shown. */
function TraceFate({ session }: { session: TraceSession }) {
  const problem = session.problem.value;
  if (problem?.kind === 'not-found')
    return (
      <span
        class="chip is-pending"
        data-field="sampled-out"
        title="The collector decided against this trace: what is shown is gone after a reload"
      >
        ▲ sampled out, not stored
      </span>
    );
  if (problem !== undefined)
    return (
      <span class="chip is-pending" data-field="away" title={problem.message}>
        ▲ the collector does not answer, trying again
      </span>
    );
  if (!session.isPending.value) return null;
  return (
    <span
      class="chip is-pending"
      data-field="pending"
      title="The collector has not decided yet: more spans may arrive, and the trace may yet be sampled out"
    >
      pending, refreshing
    </span>
  );
}

function TraceFacts({ session, index }: { session: TraceSession; index: TraceIndex }) {
  const { tree } = index;
  return (
    <dl class="trace-facts">
      <Fact name="Duration" field="trace-duration" title={formatExactNano(index.durationNano)}>
        {formatDuration(index.durationNano)}
      </Fact>
      <Fact name="Spans" field="trace-spans">
        {index.nodes.length.toLocaleString('en-US')}
      </Fact>
      <Fact name="Services" field="trace-services">
        {index.services.length}
      </Fact>
      <Fact name="Errors" field="trace-errors" isBad={index.errorCount > 0}>
        {index.errorCount > 0 ? `▲ ${index.errorCount}` : '0'}
      </Fact>
      <Fact name="Depth" field="trace-depth">
        {index.depthMax + 1}
      </Fact>
      {tree.orphanCount > 0 && (
        <Fact
          name="Orphans"
          field="trace-orphans"
          title="Spans whose parent is not in the trace: lost, late or sampled out"
          isBad
        >
          {tree.orphanCount}
        </Fact>
      )}
      {tree.duplicateCount > 0 && (
        <Fact name="Duplicates" field="trace-duplicates" title="Spans delivered more than once, shown once">
          {tree.duplicateCount}
        </Fact>
      )}
      {session.collapsedCount.value > COLLAPSED_IN_URL_MAX && (
        <Fact
          name="Collapsed"
          field="trace-collapsed"
          title={`A link to this page keeps the first ${COLLAPSED_IN_URL_MAX}`}
        >
          {session.collapsedCount.value}
        </Fact>
      )}
      <Fact name="Started" field="trace-start" title={isoFromNano(tree.startTimeUnixNano)}>
        {formatInstant(tree.startTimeUnixNano)}
      </Fact>
    </dl>
  );
}

function ServiceLegend({ index }: { index: TraceIndex }) {
  return (
    <ul class="chips" aria-label="Services">
      {index.services.map(({ service, colour, spanCount }) => (
        <li class="chip" key={service}>
          <span class="swatch" style={{ '--swatch': `var(--service-${colour})` }} />
          {service} <span class="chip-count">{spanCount.toLocaleString('en-US')}</span>
        </li>
      ))}
    </ul>
  );
}
