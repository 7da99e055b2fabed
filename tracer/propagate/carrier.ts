import type { TextMapGetter } from '@opentelemetry/api';

/** A header that may come once only (traceparent); several are as good as a malformed one, which the empty text is. */
export function readSingleHeader<Carrier>(
  carrier: Carrier,
  getter: TextMapGetter<Carrier>,
  name: string,
): string | undefined {
  const value: unknown = getter.get(carrier, name);
  if (!Array.isArray(value)) return textOf(value);
  return value.length === 1 ? textOf(value[0]) : '';
}

/** A header whose repetitions are one list (tracestate, baggage). */
export function readListHeader<Carrier>(
  carrier: Carrier,
  getter: TextMapGetter<Carrier>,
  name: string,
): string | undefined {
  const value: unknown = getter.get(carrier, name);
  return Array.isArray(value) ? value.filter(isText).join(',') : textOf(value);
}

/** A header of which the first value counts where it is repeated (B3's decision). */
export function readFirstHeader<Carrier>(
  carrier: Carrier,
  getter: TextMapGetter<Carrier>,
  name: string,
): string | undefined {
  const value: unknown = getter.get(carrier, name);
  return textOf(Array.isArray(value) ? value[0] : value);
}

/** A carrier of plain JavaScript (message headers) may hold anything under a header's name. */
function textOf(value: unknown): string | undefined {
  return isText(value) ? value : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
