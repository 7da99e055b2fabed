import type { InstrumentationScope, KeyValue, Resource, Span, TracesData } from '@tracelab/protocol';

/** A span with what OTLP keeps around it: readable by itself, in any list. */
export interface TraceSpan extends Span {
  serviceName: string;
  resource: Resource;
  scope: InstrumentationScope;
}

/** The name of a resource that does not say its own (OpenTelemetry, resource semantic conventions). */
export const SERVICE_NAME_UNKNOWN = 'unknown_service';

/** Every span of the data in its order, duplicates included. */
export function flattenTracesData(data: TracesData): TraceSpan[] {
  const spans: TraceSpan[] = [];
  for (const { resource, scopeSpans } of data.resourceSpans) {
    const serviceName = serviceNameOf(resource);
    for (const { scope, spans: scoped } of scopeSpans) {
      for (const span of scoped) spans.push({ ...span, serviceName, resource, scope });
    }
  }
  return spans;
}

/** `service.name` where it is text and not empty. Of several the last one counts, our rule for duplicate keys everywhere. */
export function serviceNameOf(resource: Resource): string {
  const value = attributeOf(resource.attributes, 'service.name');
  return typeof value === 'string' && value !== '' ? value : SERVICE_NAME_UNKNOWN;
}

/** The value of an attribute; undefined where there is none with this key. Duplicate keys: the last one counts. */
export function attributeOf(attributes: readonly KeyValue[], key: string): KeyValue['value'] | undefined {
  return attributes.findLast((attribute) => attribute.key === key)?.value;
}
