import { useEffect, useMemo } from 'preact/hooks';
import { listConditions } from '../data/search-conditions.ts';
import { FilterForm } from './filter-form.tsx';
import { LiveSwitch } from './live-switch.tsx';
import { ScatterPlot } from './scatter-plot.tsx';
import { NoTraceMatches, NoTraceYet, Unreachable } from './search-empty.tsx';
import { lastSearch, SearchSession } from './search-session.ts';
import { TraceList } from './trace-list.tsx';

export function SearchPage() {
  const session = useMemo(() => new SearchSession(), []);
  useEffect(() => session.start(), [session]);
  useEffect(() => {
    document.title = 'Traces · Tracelab';
  }, []);
  return (
    <div class="search-page">
      <FilterForm session={session} />
      <main class="search-results">
        <ResultHead session={session} />
        <Results session={session} />
      </main>
    </div>
  );
}

function ResultHead({ session }: { session: SearchSession }) {
  const reply = session.reply.value;
  const { limit } = lastSearch.value.filter;
  const count = reply?.traces.length ?? 0;
  return (
    <header class="result-head">
      <h1>Traces</h1>
      <p class="result-count" role="status">
        {reply === undefined
          ? session.problem.value === undefined && 'searching …'
          : `${count === limit ? `newest ${count}` : count} ${count === 1 ? 'trace' : 'traces'}`}
        {reply?.truncated === true &&
          ' · the oldest part of the range was not searched: narrow the time or name a service'}
      </p>
      <LiveSwitch session={session} />
    </header>
  );
}

function Results({ session }: { session: SearchSession }) {
  const reply = session.reply.value;
  const problem = session.problem.value;
  const conditions = listConditions(lastSearch.value.filter);
  return (
    <>
      {problem !== undefined && (
        <Unreachable problem={problem} hasOlder={reply !== undefined} onRetry={() => session.refresh()} />
      )}
      {reply !== undefined && reply.traces.length > 0 && (
        <div class={problem === undefined ? 'result-body' : 'result-body is-stale'}>
          <ScatterPlot traces={reply.traces} />
          <TraceList traces={reply.traces} />
        </div>
      )}
      {reply?.traces.length === 0 &&
        problem === undefined &&
        (conditions.length === 0 ? (
          <NoTraceYet />
        ) : (
          <NoTraceMatches conditions={conditions} loosenable={session.loosenable.value} />
        ))}
    </>
  );
}
