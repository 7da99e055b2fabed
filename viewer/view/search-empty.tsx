import type { QueryProblem } from '../data/query-api.ts';
import type { SearchCondition } from '../data/search-conditions.ts';
import { FILTER_DEFAULT } from '../data/search-filter.ts';
import { applyFilter } from './search-session.ts';

export function NoTraceYet() {
  return (
    <section class="empty" data-field="empty">
      <h2>No trace yet</h2>
      <p>The collector runs and has stored nothing so far. The first trace appears here by itself. To make one:</p>
      <dl class="recipes">
        <dt>The shop, with shoppers</dt>
        <dd>
          <code>npm start</code>
        </dd>
        <dt>Your own application</dt>
        <dd>
          <code>node --import @tracelab/tracer/register app.js</code>
        </dd>
        <dt>Any OpenTelemetry SDK</dt>
        <dd>
          <code>OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318</code>
        </dd>
      </dl>
    </section>
  );
}

interface NoTraceMatchesProps {
  conditions: readonly SearchCondition[];
  /** Those without which something would match. */
  loosenable: readonly SearchCondition[];
}

export function NoTraceMatches({ conditions, loosenable }: NoTraceMatchesProps) {
  const helpful = new Set(loosenable.map(({ label }) => label));
  return (
    <section class="empty" data-field="empty">
      <h2>Nothing matches</h2>
      <p>
        {helpful.size > 0
          ? 'Without one of the marked conditions there would be traces.'
          : 'Take a condition away to widen the search.'}
      </p>
      <ul class="loosen">
        {conditions.map(({ label, without }) => (
          <li key={label}>
            <button
              type="button"
              class={helpful.has(label) ? 'button is-primary' : 'button'}
              onClick={() => applyFilter(without)}
            >
              Without “{label}”
            </button>
          </li>
        ))}
        <li>
          <button type="button" class="button" onClick={() => applyFilter(FILTER_DEFAULT)}>
            Clear all
          </button>
        </li>
      </ul>
    </section>
  );
}

interface UnreachableProps {
  problem: QueryProblem;
  hasOlder: boolean;
  onRetry: () => void;
}

export function Unreachable({ problem, hasOlder, onRetry }: UnreachableProps) {
  const isAway = problem.kind === 'unreachable';
  return (
    <section class="notice is-error" role="alert" data-field="problem">
      <p>
        <b>{isAway ? 'The collector does not answer.' : 'The collector refused the search.'}</b>{' '}
        {isAway ? 'Trying again every 2 s. Is it running? npm start brings it up.' : problem.message}
        {hasOlder && ' Shown is what was found before.'}
      </p>
      <button type="button" class="button" onClick={onRetry}>
        Try now
      </button>
    </section>
  );
}
