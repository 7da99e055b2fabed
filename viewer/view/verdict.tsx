import { TRIGGER_WORDS } from '@tracelab/model';
import type { Explanation } from '@tracelab/protocol';
import type { ComponentChildren } from 'preact';
import { formatDuration } from '../data/duration.ts';
import { describeVerdict } from '../data/explanation-text.ts';
import { formatInstant, isoFromNano, nanoFromMilliseconds } from '../data/instant.ts';
import type { QueryProblem } from '../data/query-api.ts';
import type { ExplainSession } from './explain-session.ts';

const DECISION_MARKS = {
  sampled: '✓',
  notSampled: '–',
  dropped: '✕',
} as const satisfies Record<Explanation['decision'], string>;

/** The answer, large; read aloud when it changes. */
export function Verdict({ session }: { session: ExplainSession }) {
  const reply = session.reply.value;
  const problem = session.problem.value;
  return (
    <div class="verdict" role="status" data-field="verdict">
      {problem !== undefined ? (
        <NoAnswer problem={problem} onRetry={() => session.reload()} />
      ) : reply === undefined ? (
        <h1>Asking the collector …</h1>
      ) : reply.explanation === undefined ? (
        <Answer mark="…" tone="pending" title="Not yet decided">
          More spans of it may arrive: its wait is not over. Asking again every 2 s.
        </Answer>
      ) : (
        <Decided explanation={reply.explanation} />
      )}
    </div>
  );
}

interface AnswerProps {
  mark: string;
  tone: Explanation['decision'] | 'pending' | 'unknown';
  title: string;
  children: ComponentChildren;
}

function Answer({ mark, tone, title, children }: AnswerProps) {
  return (
    <>
      <h1 class={`is-${tone}`}>
        <span class="verdict-mark" aria-hidden="true">
          {mark}
        </span>
        {title}
      </h1>
      <p>{children}</p>
    </>
  );
}

function Decided({ explanation }: { explanation: Explanation }) {
  const { decision, trigger, decidedAtUnixMs, lagMs } = explanation;
  const decidedAt = nanoFromMilliseconds(decidedAtUnixMs);
  return (
    <Answer mark={DECISION_MARKS[decision]} tone={decision} title={describeVerdict(explanation)}>
      Decided{' '}
      <time dateTime={isoFromNano(decidedAt)} data-field="decided-at">
        {formatInstant(decidedAt)}
      </time>
      : <span data-field="trigger">{TRIGGER_WORDS[trigger]}</span>
      {(trigger === 'root' || trigger === 'wait') && (
        <>
          ; <span data-field="lag">{formatDuration(BigInt(Math.round(lagMs * 1e6)))}</span> after it was due
        </>
      )}
      .
    </Answer>
  );
}

function NoAnswer({ problem, onRetry }: { problem: QueryProblem; onRetry: () => void }) {
  if (problem.kind === 'not-found')
    return (
      <Answer mark="?" tone="unknown" title="Unknown: no span of it arrived here">
        So the collector never voted on it. The service may have sampled it out at its start, its spans may have been
        lost or still be on their way, or the id is another system’s. Asking again every 2 s.
      </Answer>
    );
  if (problem.kind === 'gone')
    return (
      <Answer mark="?" tone="unknown" title="Forgotten, or never here">
        The collector remembers a bounded number of decisions, the newest: {problem.message}. Asking again every 2 s.
      </Answer>
    );
  if (problem.kind === 'unreachable')
    return (
      <Answer mark="▲" tone="pending" title="The collector does not answer">
        Asking again every 2 s. Is it running? npm start brings it up.
      </Answer>
    );
  return (
    <>
      <Answer mark="▲" tone="pending" title="The collector refused to explain">
        {problem.message}
      </Answer>
      <button type="button" class="button" onClick={onRetry}>
        Try again
      </button>
    </>
  );
}
