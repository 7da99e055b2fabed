import type { Explanation } from '@tracelab/protocol';
import { useEffect, useMemo } from 'preact/hooks';
import { describeVerdict } from '../data/explanation-text.ts';
import { writeViewState } from '../data/url-state.ts';
import { CopyButton } from './copy-button.tsx';
import { Completeness, DecisionNotes } from './explain-facts.tsx';
import { ExplainSession } from './explain-session.ts';
import { lastSearch } from './search-session.ts';
import { TraceIdForm } from './trace-id-form.tsx';
import { traceViewOf } from './trace-link.ts';
import { Verdict } from './verdict.tsx';
import { VoteTable } from './vote-table.tsx';

/** Why a trace was kept, or why it is not there. */
export function ExplainPage({ traceId }: { traceId: string }) {
  const session = useMemo(() => new ExplainSession(traceId), [traceId]);
  useEffect(() => session.start(), [session]);
  const reply = session.reply.value;
  const explanation = reply?.explanation;
  useEffect(() => {
    document.title = `${explanation === undefined ? 'Why?' : describeVerdict(explanation)} · Tracelab`;
  }, [explanation]);
  const isReadable = reply !== undefined && (explanation === undefined || explanation.decision === 'sampled');
  return (
    <main class="explain-page">
      <header class="explain-head">
        <a class="back" href={writeViewState(lastSearch.value)}>
          ← Traces
        </a>
        <TraceIdForm />
      </header>
      <article class="explain-body">
        <Verdict session={session} />
        <p class="explained-trace">
          <span class="quiet">Trace</span> <code data-field="trace-id">{traceId}</code>
          <CopyButton text={traceId} label="Copy trace id" />
          {isReadable && <a href={writeViewState(traceViewOf(traceId))}>Open the trace</a>}
        </p>
        {explanation !== undefined && <Reasons explanation={explanation} />}
      </article>
    </main>
  );
}

function Reasons({ explanation }: { explanation: Explanation }) {
  return (
    <>
      <section aria-labelledby="votes-title">
        <h2 id="votes-title">Who voted what</h2>
        <VoteTable explanation={explanation} />
      </section>
      <section aria-labelledby="known-title">
        <h2 id="known-title">What was there when it was decided</h2>
        <Completeness completeness={explanation.completeness} />
        <DecisionNotes explanation={explanation} />
      </section>
    </>
  );
}
