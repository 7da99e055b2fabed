import type { Ledger } from '@tracelab/protocol';
import { useEffect, useState } from 'preact/hooks';
import { readLedger } from '../data/query-api.ts';
import type { QueryProblem } from '../data/query-api.ts';
import type { SearchCondition } from '../data/search-conditions.ts';
import { FILTER_DEFAULT } from '../data/search-filter.ts';
import { applyFilter } from './search-session.ts';

const LEDGER_INTERVAL_MS = 2000;

export function NoTraceYet() {
  const ledger = useLedger();
  return ledger !== undefined && ledger.received > 0 ? <NothingKept ledger={ledger} /> : <NothingArrived />;
}

function NothingArrived() {
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

/** Where the collector samples, minutes may pass before it keeps a trace: the page says that it is at work. */
function NothingKept({ ledger }: { ledger: Ledger }) {
  const count = (spans: number): string => spans.toLocaleString('en');
  return (
    <section class="empty" data-field="empty">
      <h2>No trace kept yet</h2>
      <p>
        {count(ledger.received)} spans have arrived: {count(ledger.pending)} wait for the decision on their trace,{' '}
        {count(ledger.sampledOut)} were sampled out. The first trace that is kept appears here by itself.
      </p>
      <dl class="recipes">
        <dt>One that tail sampling keeps: make a request slow</dt>
        <dd>
          <code>npm run lab -- fault add bank --route /charge --delay 870ms</code>
        </dd>
        <dt>Keep every trace: start without --sampling</dt>
        <dd>
          <code>npm start</code>
        </dd>
      </dl>
    </section>
  );
}

/** Asked for again and again while it is shown. */
function useLedger(): Ledger | undefined {
  const [ledger, setLedger] = useState<Ledger | undefined>(undefined);
  useEffect(() => {
    const stopped = new AbortController();
    const ask = async (): Promise<void> => {
      const read = await readLedger(stopped.signal);
      if (read.ok) setLedger(read.value);
    };
    const timer = setInterval(() => void ask(), LEDGER_INTERVAL_MS);
    void ask();
    return () => {
      clearInterval(timer);
      stopped.abort();
    };
  }, []);
  return ledger;
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
