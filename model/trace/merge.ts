import { emptyResource, tracesDataToJson } from '@tracelab/protocol';
import type { InstrumentationScope, Resource, ResourceSpans, ScopeSpans, Span, TracesData } from '@tracelab/protocol';
import { compareDuplicates, compareSpans, compareText } from './order.ts';

/** A span with its envelopes, and the text that stands for their content. */
interface PlacedSpan {
  span: Span;
  resource: Resource;
  resourceSchemaUrl: string;
  resourceText: string;
  scope: InstrumentationScope;
  scopeSchemaUrl: string;
  scopeText: string;
}

/**
 * One trace from several deliveries: duplicates by trace and span id are dropped, spans with equal resource and scope come
 * into one envelope, and everything is in a canonical order, so that any order and repetition of deliveries gives equal
 * data. Empty envelopes vanish. The parts are not changed; the result shares their spans.
 */
export function mergeTracesData(parts: readonly TracesData[]): TracesData {
  const placed = withoutDuplicates(parts.flatMap(placeSpans)).sort(comparePlaces);
  const resourceSpans: ResourceSpans[] = [];
  let last: PlacedSpan | undefined;
  for (const row of placed) {
    const isSameResource = last?.resourceText === row.resourceText;
    if (!isSameResource) resourceSpans.push(openResource(row));
    const resource = resourceSpans.at(-1);
    if (!isSameResource || last?.scopeText !== row.scopeText) resource?.scopeSpans.push(openScope(row));
    resource?.scopeSpans.at(-1)?.spans.push(row.span);
    last = row;
  }
  return { resourceSpans };
}

function placeSpans(part: TracesData): PlacedSpan[] {
  const rows: PlacedSpan[] = [];
  for (const { resource, scopeSpans, schemaUrl: resourceSchemaUrl } of part.resourceSpans) {
    const resourceText = envelopeText({ resource, scopeSpans: [], schemaUrl: resourceSchemaUrl });
    for (const { scope, spans, schemaUrl: scopeSchemaUrl } of scopeSpans) {
      const emptied: ScopeSpans = { scope, spans: [], schemaUrl: scopeSchemaUrl };
      const scopeText = envelopeText({ resource: emptyResource(), scopeSpans: [emptied], schemaUrl: '' });
      for (const span of spans) {
        rows.push({ span, resource, resourceSchemaUrl, resourceText, scope, scopeSchemaUrl, scopeText });
      }
    }
  }
  return rows;
}

function envelopeText(envelope: ResourceSpans): string {
  return JSON.stringify(tracesDataToJson({ resourceSpans: [envelope] }));
}

function withoutDuplicates(rows: readonly PlacedSpan[]): PlacedSpan[] {
  const rowById = new Map<string, PlacedSpan>();
  for (const row of rows) {
    const id = `${row.span.traceId}/${row.span.spanId}`;
    const twin = rowById.get(id);
    if (twin === undefined || compareTwins(twin, row) > 0) rowById.set(id, row);
  }
  return [...rowById.values()];
}

function compareTwins(left: PlacedSpan, right: PlacedSpan): number {
  return compareDuplicates(left.span, right.span) || compareEnvelopes(left, right);
}

function comparePlaces(left: PlacedSpan, right: PlacedSpan): number {
  return (
    compareEnvelopes(left, right) ||
    compareSpans(left.span, right.span) ||
    compareText(left.span.traceId, right.span.traceId)
  );
}

function compareEnvelopes(left: PlacedSpan, right: PlacedSpan): number {
  return compareText(left.resourceText, right.resourceText) || compareText(left.scopeText, right.scopeText);
}

function openResource({ resource, resourceSchemaUrl }: PlacedSpan): ResourceSpans {
  return { resource, scopeSpans: [], schemaUrl: resourceSchemaUrl };
}

function openScope({ scope, scopeSchemaUrl }: PlacedSpan): ScopeSpans {
  return { scope, spans: [], schemaUrl: scopeSchemaUrl };
}
