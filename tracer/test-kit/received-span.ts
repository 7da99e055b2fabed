import assert from 'node:assert/strict';
import type { AnyValue, KeyValue, Span, TracesData } from '@tracelab/protocol';

/** A span as it arrived, with its attributes as an object to compare with. */
export interface ReceivedSpan extends Omit<Span, 'attributes'> {
  attributes: Record<string, AnyValue>;
  resource: Record<string, AnyValue>;
  scopeName: string;
  scopeVersion: string;
  scopeSchemaUrl: string;
}

/** All spans of a request, each with what OTLP says once for many of them. */
export function receivedSpans(data: TracesData): ReceivedSpan[] {
  return data.resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ scope, spans, schemaUrl }) =>
      spans.map((span) => ({
        ...span,
        attributes: recordOf(span.attributes),
        resource: recordOf(resource.attributes),
        scopeName: scope.name,
        scopeVersion: scope.version,
        scopeSchemaUrl: schemaUrl,
      })),
    ),
  );
}

/** Attributes as an object; fails where a key comes twice. */
export function recordOf(attributes: readonly KeyValue[]): Record<string, AnyValue> {
  const record = Object.fromEntries(attributes.map(({ key, value }) => [key, value]));
  assert.equal(Object.keys(record).length, attributes.length, 'a key comes once');
  return record;
}

/** An attribute's value, which has to be a text. */
export function textOf(value: AnyValue | undefined): string {
  assert(typeof value === 'string', `a text: was ${typeof value}`);
  return value;
}

/** The only span of the list. */
export function only(spans: readonly ReceivedSpan[]): ReceivedSpan {
  assert.equal(spans.length, 1, `one span: ${spans.map((span) => span.name).join(', ')}`);
  return named(spans, spans[0]?.name ?? '');
}

/** The span of this name; fails where there is none or more than one. */
export function named(spans: readonly ReceivedSpan[], name: string): ReceivedSpan {
  const found = spans.filter((span) => span.name === name);
  const [span] = found;
  assert(span !== undefined && found.length === 1, `one span ${name}: ${spans.map((each) => each.name).join(', ')}`);
  return span;
}
