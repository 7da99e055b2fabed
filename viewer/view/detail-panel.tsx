import { selfTimeNano } from '@tracelab/model';
import type { SpanNode } from '@tracelab/model';
import { SpanKind, StatusCode } from '@tracelab/protocol';
import type { ComponentChildren } from 'preact';
import { formatDuration, formatExactNano } from '../data/duration.ts';
import type { TraceIndex } from '../data/trace-index.ts';
import { AttributeTable } from './attribute-table.tsx';
import { CopyButton } from './copy-button.tsx';
import { SpanEvents } from './span-events.tsx';
import { SpanLinks } from './span-links.tsx';
import type { TraceSession } from './trace-session.ts';

interface DetailPanelProps {
  session: TraceSession;
  index: TraceIndex;
}

/** Everything that a span says, beside the waterfall. Values carry `data-field`, times also `data-nano`, for tests and scripts. */
export function DetailPanel({ session, index }: DetailPanelProps) {
  const spanId = session.selectedSpanId.value;
  const position = index.indexBySpanId.get(spanId);
  const node = position === undefined ? undefined : index.nodes[position];
  return (
    <aside class="details" aria-label="Details of the span" data-span-details={spanId} tabIndex={0}>
      <header class="details-head">
        <h2>
          {node === undefined ? (
            'No such span'
          ) : (
            <>
              <span class="swatch" style={{ '--swatch': `var(--service-${index.colours[position ?? 0] ?? 0})` }} />
              <b data-field="service">{node.span.serviceName}</b> <span data-field="operation">{node.span.name}</span>
            </>
          )}
        </h2>
        <button type="button" class="button is-quiet" aria-label="Close details" onClick={() => session.select('')}>
          ✕
        </button>
      </header>
      {node === undefined ? (
        <p class="quiet">The trace has no span {spanId}. It may have been lost, or not be here yet.</p>
      ) : (
        <SpanDetails node={node} index={index} session={session} />
      )}
    </aside>
  );
}

interface SpanDetailsProps extends DetailPanelProps {
  node: SpanNode;
}

function SpanDetails({ node, index, session }: SpanDetailsProps) {
  const { span } = node;
  return (
    <>
      <SpanTimes node={node} index={index} />
      <SpanStatusText node={node} />
      <div class="details-tools">
        <button type="button" class="button" onClick={() => session.zoomTo(windowOf(node, index))}>
          Zoom to span
        </button>
        <CopyButton text={span.spanId} label="Copy span id" />
      </div>
      <AttributeTable
        title="Attributes"
        field="attributes"
        attributes={span.attributes}
        droppedCount={span.droppedAttributesCount}
      />
      <SpanEvents span={span} />
      <SpanLinks span={span} />
      <AttributeTable
        title="Resource"
        field="resource"
        attributes={span.resource.attributes}
        droppedCount={span.resource.droppedAttributesCount}
      />
      <SpanIds node={node} />
    </>
  );
}

function windowOf({ span }: SpanNode, index: TraceIndex): { startNano: number; endNano: number } {
  const start = Number(span.startTimeUnixNano - index.tree.startTimeUnixNano);
  return { startNano: start, endNano: start + Math.max(1, Number(span.endTimeUnixNano - span.startTimeUnixNano)) };
}

function SpanTimes({ node, index }: { node: SpanNode; index: TraceIndex }) {
  const { span } = node;
  return (
    <dl class="span-times">
      <Time name="Duration" field="duration" nano={span.endTimeUnixNano - span.startTimeUnixNano} />
      <Time
        name="Self time"
        field="self-time"
        nano={selfTimeNano(node)}
        title="Duration without the time its children cover"
      />
      <Time name="Starts at" field="start-offset" nano={span.startTimeUnixNano - index.tree.startTimeUnixNano} />
    </dl>
  );
}

interface TimeProps {
  name: string;
  field: string;
  nano: bigint;
  title?: string;
}

function Time({ name, field, nano, title }: TimeProps) {
  return (
    <div class="fact" title={title}>
      <dt>{name}</dt>
      <dd class="figure" data-field={field} data-nano={String(nano)} title={formatExactNano(nano)}>
        {formatDuration(nano)}
      </dd>
    </div>
  );
}

const KIND_NAMES: Readonly<Record<SpanKind, string>> = {
  [SpanKind.unspecified]: 'unspecified',
  [SpanKind.internal]: 'internal',
  [SpanKind.server]: 'server',
  [SpanKind.client]: 'client',
  [SpanKind.producer]: 'producer',
  [SpanKind.consumer]: 'consumer',
};
const STATUS_NAMES: Readonly<Record<StatusCode, string>> = {
  [StatusCode.unset]: 'unset',
  [StatusCode.ok]: 'ok',
  [StatusCode.error]: 'error',
};

function SpanStatusText({ node: { span, isOrphan } }: { node: SpanNode }) {
  const isError = span.status.code === StatusCode.error;
  return (
    <dl class="pairs">
      <Pair name="Kind" field="kind">
        {KIND_NAMES[span.kind]}
      </Pair>
      <Pair name="Status" field="status" isBad={isError}>
        {isError && <span aria-hidden="true">▲ </span>}
        {STATUS_NAMES[span.status.code]}
      </Pair>
      {span.status.message !== '' && (
        <Pair name="Message" field="status-message" isBad={isError}>
          {span.status.message}
        </Pair>
      )}
      {isOrphan && (
        <Pair name="Orphan" field="orphan" isBad>
          its parent is not in the trace: lost, late or sampled out
        </Pair>
      )}
    </dl>
  );
}

function SpanIds({ node: { span } }: { node: SpanNode }) {
  const scope = span.scope.version === '' ? span.scope.name : `${span.scope.name} ${span.scope.version}`;
  return (
    <section class="details-section">
      <h3>Identity</h3>
      <dl class="pairs is-mono">
        <Pair name="Span id" field="span-id">
          {span.spanId}
        </Pair>
        <Pair name="Parent" field="parent-span-id">
          {span.parentSpanId === '' ? 'none: a root' : span.parentSpanId}
        </Pair>
        <Pair name="Trace id" field="trace-id">
          {span.traceId}
        </Pair>
        {span.traceState !== '' && (
          <Pair name="Trace state" field="trace-state">
            {span.traceState}
          </Pair>
        )}
        <Pair name="Scope" field="scope">
          {scope === '' ? 'unnamed' : scope}
        </Pair>
        <Pair name="Flags" field="flags">
          0x{(span.flags & 0xff).toString(16).padStart(2, '0')}
        </Pair>
      </dl>
    </section>
  );
}

interface PairProps {
  name: string;
  field: string;
  isBad?: boolean;
  children: ComponentChildren;
}

function Pair({ name, field, isBad, children }: PairProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd class={isBad === true ? 'error-text' : ''} data-field={field}>
        {children}
      </dd>
    </div>
  );
}
