import { writeViewState } from '../data/url-state.ts';
import { lastSearch } from './search-session.ts';
import { explainViewOf } from './trace-link.ts';
import type { TraceSession } from './trace-session.ts';

/** Stands in while a trace is loading, unknown, or out of reach. */
export function TraceUnavailable({ session }: { session: TraceSession }) {
  const problem = session.problem.value;
  return (
    <main class="trace-unavailable">
      <a class="back" href={writeViewState(lastSearch.value)}>
        ← Traces
      </a>
      <section class="empty" role="status" data-field="trace-problem">
        {problem === undefined && <h1>Loading the trace …</h1>}
        {problem?.kind === 'not-found' && (
          <>
            <h1>No such trace</h1>
            <p>It may be on its way, sampled out, or past its retention. Asking again every 2 s.</p>
            <p>
              <a href={writeViewState(explainViewOf(session.traceId))}>Why? Ask the collector</a>
            </p>
          </>
        )}
        {problem?.kind === 'unreachable' && (
          <>
            <h1>The collector does not answer</h1>
            <p>Asking again every 2 s. Is it running? npm start brings it up.</p>
          </>
        )}
        {problem?.kind === 'refused' && (
          <>
            <h1>The trace cannot be shown</h1>
            <p>{problem.message}</p>
            <button type="button" class="button" onClick={() => session.reload()}>
              Try again
            </button>
          </>
        )}
        <p>
          <code>{session.traceId}</code>
        </p>
      </section>
    </main>
  );
}
