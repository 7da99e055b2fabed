import { flattenTracesData } from '@tracelab/model';
import type { AnyValue, KeyValue, TracesData } from '@tracelab/protocol';
import type { AttributeCondition } from './trace-store.ts';

/** Whether one span, with its resource, fulfils all conditions. */
export function matchesAttributes(data: TracesData, conditions: readonly AttributeCondition[]): boolean {
  if (conditions.length === 0) return true;
  return flattenTracesData(data).some((span) =>
    conditions.every(
      (condition) => hasValue(span.attributes, condition) || hasValue(span.resource.attributes, condition),
    ),
  );
}

function hasValue(attributes: readonly KeyValue[], condition: AttributeCondition): boolean {
  return attributes.some(({ key, value }) => key === condition.key && valueAsText(value) === condition.value);
}

/** Undefined for lists and bytes: they are not searched. */
function valueAsText(value: AnyValue): string | undefined {
  return typeof value === 'object' ? undefined : String(value);
}
