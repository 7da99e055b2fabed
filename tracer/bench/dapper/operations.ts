import type { Span, Tracer } from '@opentelemetry/api';
import type { SpanCase } from '../micro/span-case.ts';
import { caseNamed } from '../micro/span-cases.ts';

/**
 * One operation of Dapper's section 4.1. What it costs is the difference between a case with it and one without it, divided
 * by how many more of it the first has.
 */
export interface DapperOperation {
  /** As the JSON names it. */
  readonly name: string;
  readonly title: string;
  /** Sigelman et al., "Dapper", Google Technical Report dapper-2010-1, 4.1; undefined where they give no figure. */
  readonly dapperNs: number | undefined;
  /** How often it has to ask what time it is. */
  readonly clockReads: number;
  readonly count: number;
  readonly with: SpanCase;
  readonly without: SpanCase;
}

/** The bench's own loop: what a case costs that does nothing. */
export const NOTHING: SpanCase = { name: 'nothing', title: 'nothing', spansEncoded: 0, prepare: () => () => 42 };

/** Far below the limit of events and attributes for each span, which is 128. */
const SAMPLED_COUNT = 8;
/** More, since each costs next to nothing beside the span that it is made on. */
const UNSAMPLED_COUNT = 64;

/** Different ones, so that none overwrites another on its span. */
const KEYS = [
  'cache.hit',
  'cache.key',
  'cart.lines',
  'cart.total',
  'order.id',
  'payment.method',
  'user.id',
  'user.tier',
] as const;

type Annotate = (span: Span, count: number) => void;

export const DAPPER_OPERATIONS: readonly DapperOperation[] = [
  spanOperation('root', 'root span, create + end', 204),
  spanOperation('child', 'non-root span, create + end', 176),
  annotation('event-unsampled', 'addEvent, unsampled span', { dapperNs: 9, isSampled: false, annotate: addEvents }),
  annotation('event-sampled', 'addEvent, sampled span', { dapperNs: 40, isSampled: true, annotate: addEvents }),
  annotation('attribute-unsampled', 'setAttribute, unsampled span', { isSampled: false, annotate: setAttributes }),
  annotation('attribute-sampled', 'setAttribute, sampled span', { isSampled: true, annotate: setAttributes }),
];

function spanOperation(name: 'root' | 'child', title: string, dapperNs: number): DapperOperation {
  return { name, title, dapperNs, clockReads: 2, count: 1, with: caseNamed(name), without: NOTHING };
}

function annotation(
  name: string,
  title: string,
  { dapperNs, isSampled, annotate }: { dapperNs?: number; isSampled: boolean; annotate: Annotate },
): DapperOperation {
  const count = isSampled ? SAMPLED_COUNT : UNSAMPLED_COUNT;
  const annotated = (times: number): SpanCase => ({
    name: `${name} x ${times}`,
    title: `${title}, ${times} times`,
    spansEncoded: isSampled ? 1 : 0,
    prepare: ({ sampledTracer, unsampledTracer }) =>
      annotatedSpan(isSampled ? sampledTracer : unsampledTracer, annotate, times),
  });
  const clockReads = isSampled && annotate === addEvents ? 1 : 0;
  return { name, title, dapperNs, clockReads, count, with: annotated(count), without: annotated(0) };
}

function annotatedSpan(tracer: Tracer, annotate: Annotate, count: number): () => Span {
  return () => {
    const span = tracer.startSpan('GET');
    annotate(span, count);
    span.end();
    return span;
  };
}

function addEvents(span: Span, count: number): void {
  for (let index = 0; index < count; index++) span.addEvent('looked up');
}

function setAttributes(span: Span, count: number): void {
  for (let index = 0; index < count; index++) span.setAttribute(KEYS[index % KEYS.length] ?? '', 'looked up');
}
