import { describeProbability } from '@tracelab/model';
import type { Explanation, LateSpans, TraceCompleteness } from '@tracelab/protocol';
import type { ComponentChildren } from 'preact';
import { formatDuration, formatExactNano } from '../data/duration.ts';
import { formatInstant, nanoFromMilliseconds } from '../data/instant.ts';
import { CopyButton } from './copy-button.tsx';
import { Fact } from './fact.tsx';

/** How much of the trace was there when it was decided. */
export function Completeness({ completeness }: { completeness: TraceCompleteness }) {
  const { rootSeen, rootService, rootName, missingParents, spanCount, errorCount } = completeness;
  const durationNano = BigInt(completeness.durationNano);
  return (
    <dl class="trace-facts">
      <Fact name="Root" field="explain-root" isBad={!rootSeen}>
        {rootSeen ? `${rootService} ${rootName}` : '▲ not seen'}
      </Fact>
      <Fact name="Duration" field="explain-duration" title={formatExactNano(durationNano)}>
        {formatDuration(durationNano)}
      </Fact>
      <Fact name="Spans" field="explain-spans">
        {spanCount.toLocaleString('en-US')}
      </Fact>
      <Fact name="Errors" field="explain-errors" isBad={errorCount > 0}>
        {countMarked(errorCount)}
      </Fact>
      <Fact
        name="Missing parents"
        field="missing-parents"
        title="Spans whose parent was not there: lost, late or sampled out"
        isBad={missingParents > 0}
      >
        {countMarked(missingParents)}
      </Fact>
    </dl>
  );
}

function countMarked(count: number): string {
  return count === 0 ? '0' : `▲ ${count.toLocaleString('en-US')}`;
}

/** What came after the decision, and what it takes to decide again alike. */
export function DecisionNotes({ explanation }: { explanation: Explanation }) {
  const { late, randomness, threshold, configHash } = explanation;
  return (
    <dl class="decision-notes">
      <Note name="Late spans" field="late-spans">
        {describeLate(late)}
      </Note>
      <Note name="Randomness" field="randomness" copied={randomness}>
        <code>{randomness}</code> <span class="quiet">what consistent samplers choose by</span>
      </Note>
      <Note name="Probability" field="probability">
        {threshold !== undefined && (
          <>
            <code>th:{threshold}</code>{' '}
          </>
        )}
        {describeProbability(explanation)}
      </Note>
      <Note name="Configuration" field="config-hash" copied={configHash}>
        <code>{configHash}</code> <span class="quiet">the same policies have the same</span>
      </Note>
    </dl>
  );
}

function describeLate({ spanCount, lastAtUnixMs }: LateSpans): string {
  if (lastAtUnixMs === undefined) return 'none since';
  const last = formatInstant(nanoFromMilliseconds(lastAtUnixMs));
  return `${spanCount.toLocaleString('en-US')} since, the last ${last}; they followed the decision`;
}

interface NoteProps {
  name: string;
  field: string;
  /** What the button beside it copies; none where absent. */
  copied?: string;
  children: ComponentChildren;
}

function Note({ name, field, copied, children }: NoteProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <span data-field={field}>{children}</span>
        {copied !== undefined && <CopyButton text={copied} label={`Copy ${name.toLowerCase()}`} />}
      </dd>
    </div>
  );
}
