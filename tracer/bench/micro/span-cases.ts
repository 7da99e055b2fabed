import { ROOT_CONTEXT, SpanKind, defaultTextMapGetter, defaultTextMapSetter, trace } from '@opentelemetry/api';
import type { Context, SpanOptions, Tracer } from '@opentelemetry/api';
import { UsageError } from '@tracelab/command';
import type { SpanCase } from './span-case.ts';

/** What an HTTP span carries at least: two texts, an integer, a longer text. */
const FOUR_ATTRIBUTES: SpanOptions = {
  attributes: {
    'http.request.method': 'GET',
    'http.route': '/products/:sku',
    'http.response.status_code': 200,
    'url.full': 'http://127.0.0.1:4603/products/sku-1',
  },
};
const SERVER: SpanOptions = { ...FOUR_ATTRIBUTES, kind: SpanKind.SERVER };
const CLIENT: SpanOptions = { ...FOUR_ATTRIBUTES, kind: SpanKind.CLIENT };
const EVENT = { 'cache.hit': false };
export const INCOMING = { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' };

/** All end with OTLP bytes where they end a sampled span. */
export const SPAN_CASES: readonly SpanCase[] = [
  {
    name: 'root',
    title: 'root, sampled',
    spansEncoded: 1,
    prepare: (subject) => () => subject.sampledTracer.startSpan('GET').end(),
  },
  {
    name: 'child',
    title: 'child, no attributes',
    spansEncoded: 1,
    prepare: ({ sampledTracer: tracer }) => {
      const parent = contextOfParent(tracer);
      return () => tracer.startSpan('GET', undefined, parent).end();
    },
  },
  {
    name: 'child-4-options',
    title: 'child, 4 attributes in options',
    spansEncoded: 1,
    ratioMax: 1 / 8,
    heapBytesMax: 600,
    prepare: ({ sampledTracer: tracer }) => {
      const parent = contextOfParent(tracer);
      return () => tracer.startSpan('GET', FOUR_ATTRIBUTES, parent).end();
    },
  },
  {
    name: 'child-4-set',
    title: 'child, 4 x setAttribute',
    spansEncoded: 1,
    ratioMax: 1 / 8,
    heapBytesMax: 600,
    prepare: ({ sampledTracer: tracer }) => {
      const parent = contextOfParent(tracer);
      return () => spanWithFourSet(tracer, parent).end();
    },
  },
  {
    name: 'child-event',
    title: 'child, 4 attributes, 1 event',
    spansEncoded: 1,
    prepare: ({ sampledTracer: tracer }) => {
      const parent = contextOfParent(tracer);
      return () => tracer.startSpan('GET', FOUR_ATTRIBUTES, parent).addEvent('looked up', EVENT).end();
    },
  },
  {
    name: 'unsampled-root',
    title: 'unsampled root',
    spansEncoded: 0,
    ratioMax: 1 / 5,
    prepare:
      ({ unsampledTracer: tracer }) =>
      () =>
        endedAndKept(tracer.startSpan('GET')),
  },
  {
    name: 'unsampled-child',
    title: 'unsampled child, 4 attributes',
    spansEncoded: 0,
    ratioMax: 1 / 8,
    prepare: ({ unsampledTracer: tracer }) => {
      const parent = contextOfParent(tracer);
      return () => endedAndKept(tracer.startSpan('GET', FOUR_ATTRIBUTES, parent));
    },
  },
  {
    name: 'inject',
    title: 'inject',
    spansEncoded: 0,
    ratioMax: 1 / 2,
    prepare: ({ sampledTracer: tracer, propagator }) => {
      const context = contextOfParent(tracer);
      return () => {
        const headers = {};
        propagator.inject(context, headers, defaultTextMapSetter);
        return headers;
      };
    },
  },
  {
    name: 'inject-new',
    title: 'child, 4 attributes, injected',
    spansEncoded: 1,
    prepare: ({ sampledTracer: tracer, propagator }) => {
      const parent = contextOfParent(tracer);
      return () => {
        const span = tracer.startSpan('GET', CLIENT, parent);
        const headers = {};
        propagator.inject(trace.setSpan(parent, span), headers, defaultTextMapSetter);
        span.end();
        return headers;
      };
    },
  },
  {
    name: 'extract',
    title: 'extract',
    spansEncoded: 0,
    ratioMax: 1 / 2,
    prepare:
      ({ propagator }) =>
      () =>
        propagator.extract(ROOT_CONTEXT, INCOMING, defaultTextMapGetter),
  },
  {
    name: 'context-with',
    title: 'context.with',
    spansEncoded: 0,
    prepare: ({ sampledTracer: tracer, contextManager }) => {
      const context = contextOfParent(tracer);
      return () => contextManager.with(context, answer);
    },
  },
  {
    name: 'start-active-span',
    title: 'startActiveSpan, child, 4 attributes',
    spansEncoded: 1,
    prepare: ({ sampledTracer: tracer }) => {
      const parent = contextOfParent(tracer);
      return () => tracer.startActiveSpan('GET', FOUR_ATTRIBUTES, parent, (span) => span.end());
    },
  },
  {
    name: 'request',
    title: 'request: extract, server span, client span, inject',
    spansEncoded: 2,
    prepare: ({ sampledTracer: tracer, propagator }) => {
      return () => {
        const parent = propagator.extract(ROOT_CONTEXT, INCOMING, defaultTextMapGetter);
        const server = tracer.startSpan('GET /products/:sku', SERVER, parent);
        const inside = trace.setSpan(parent, server);
        const client = tracer.startSpan('GET', CLIENT, inside);
        const headers = {};
        propagator.inject(trace.setSpan(inside, client), headers, defaultTextMapSetter);
        client.end();
        server.end();
        return headers;
      };
    },
  },
];

/** Throws a UsageError for a name that is none. */
export function casesNamed(given: readonly string[]): readonly SpanCase[] {
  const known = SPAN_CASES.map(({ name }) => name);
  const names = given.flatMap((name) => name.split(','));
  for (const name of names) {
    if (!known.includes(name)) throw new UsageError(`--case should be one of ${known.join(', ')}: was "${name}"`);
  }
  return names.length === 0 ? SPAN_CASES : SPAN_CASES.filter(({ name }) => names.includes(name));
}

/** The case of this name, which is one of ours. */
export function caseNamed(name: string): SpanCase {
  const found = SPAN_CASES.find((spanCase) => spanCase.name === name);
  if (found === undefined) throw new Error(`no case is named ${name}`);
  return found;
}

/** A parent that never ends, as the span of a request is while its children are made. */
export function contextOfParent(tracer: Tracer): Context {
  return trace.setSpan(ROOT_CONTEXT, tracer.startSpan('parent', { root: true }));
}

function spanWithFourSet(tracer: Tracer, parent: Context) {
  return tracer
    .startSpan('GET', undefined, parent)
    .setAttribute('http.request.method', 'GET')
    .setAttribute('http.route', '/products/:sku')
    .setAttribute('http.response.status_code', 200)
    .setAttribute('url.full', 'http://127.0.0.1:4603/products/sku-1');
}

function endedAndKept(span: ReturnType<Tracer['startSpan']>): unknown {
  span.end();
  return span;
}

function answer(): number {
  return 42;
}
