import { createRandom, SpanKind, StatusCode } from '@tracelab/protocol';
import type { AnyValue, KeyValue, Resource, Span, TracesData } from '@tracelab/protocol';

/** A span in short: times in milliseconds after the start of the trace. */
export interface SpanSketch {
  service: string;
  name: string;
  /** Position of the parent in the list of sketches; -1 for a root. */
  parent: number;
  startMs: number;
  durationMs: number;
  kind?: SpanKind;
  error?: string;
  attributes?: Readonly<Record<string, AnyValue>>;
  events?: readonly { name: string; atMs: number; attributes?: Readonly<Record<string, AnyValue>> }[];
}

/** The same as a tree, for traces that are written by hand. */
export interface NestedSketch extends Omit<SpanSketch, 'parent'> {
  children?: readonly NestedSketch[];
}

export interface TraceFrame {
  seed: number;
  startTimeUnixNano: bigint;
}

/** Makes a whole trace of sketches; equal seeds make equal ids. */
export function makeTrace(frame: TraceFrame, sketches: readonly SpanSketch[]): TracesData {
  const random = createRandom(frame.seed);
  const hex = (digits: number): string =>
    Array.from({ length: digits }, () => Math.floor(random.next() * 16).toString(16)).join('');
  const traceId = `${hex(31)}1`;
  const spanIds = sketches.map(() => `${hex(15)}1`);
  const spansByService = new Map<string, Span[]>();
  sketches.forEach((sketch, at) => {
    const spans = spansByService.get(sketch.service) ?? [];
    spansByService.set(sketch.service, spans);
    spans.push(
      makeSpan(frame, sketch, { traceId, spanId: spanIds[at] ?? '', parentSpanId: spanIds[sketch.parent] ?? '' }),
    );
  });
  return {
    resourceSpans: [...spansByService].map(([service, spans]) => ({
      resource: makeResource(service),
      schemaUrl: '',
      scopeSpans: [
        {
          scope: { name: '@tracelab/tracer', version: '0.1.0', attributes: [], droppedAttributesCount: 0 },
          schemaUrl: '',
          spans,
        },
      ],
    })),
  };
}

/** The sketches of a tree as a list, each before its children. */
export function inOneList(root: NestedSketch): SpanSketch[] {
  const list: SpanSketch[] = [];
  const add = ({ children = [], ...sketch }: NestedSketch, parent: number): void => {
    const position = list.push({ ...sketch, parent }) - 1;
    for (const child of children) add(child, position);
  };
  add(root, -1);
  return list;
}

export function traceIdOf(data: TracesData): string {
  return data.resourceSpans[0]?.scopeSpans[0]?.spans[0]?.traceId ?? '';
}

function makeSpan(
  frame: TraceFrame,
  sketch: SpanSketch,
  ids: { traceId: string; spanId: string; parentSpanId: string },
): Span {
  const start = frame.startTimeUnixNano + nanoFromMs(sketch.startMs);
  return {
    ...ids,
    traceState: '',
    name: sketch.name,
    kind: sketch.kind ?? SpanKind.internal,
    startTimeUnixNano: start,
    endTimeUnixNano: start + nanoFromMs(sketch.durationMs),
    attributes: pairs(sketch.attributes ?? {}),
    droppedAttributesCount: 0,
    events: (sketch.events ?? []).map((event) => ({
      name: event.name,
      timeUnixNano: frame.startTimeUnixNano + nanoFromMs(event.atMs),
      attributes: pairs(event.attributes ?? {}),
      droppedAttributesCount: 0,
    })),
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    status:
      sketch.error === undefined
        ? { code: StatusCode.unset, message: '' }
        : { code: StatusCode.error, message: sketch.error },
    flags: 0x103,
  };
}

function makeResource(service: string): Resource {
  return {
    attributes: pairs({
      'service.name': service,
      'service.version': '0.1.0',
      'service.instance.id': `${service}-1`,
      'process.pid': 4711n,
      'telemetry.sdk.name': 'tracelab',
    }),
    droppedAttributesCount: 0,
  };
}

function pairs(record: Readonly<Record<string, AnyValue>>): KeyValue[] {
  return Object.entries(record).map(([key, value]) => ({ key, value }));
}

function nanoFromMs(ms: number): bigint {
  return BigInt(Math.round(ms * 1e6));
}
