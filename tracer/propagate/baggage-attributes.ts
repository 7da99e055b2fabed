import { propagation } from '@opentelemetry/api';
import type { Attributes, Baggage, Context } from '@opentelemetry/api';

/** What a recording span takes over from the context it starts in. */
export type ContextAttributes = (context: Context) => Attributes | undefined;

const EVERY_KEY = '*';
/** Baggage comes from callers: without these bounds they could fill each span of ours. */
const ATTRIBUTES_MAX = 16;
const VALUE_LENGTH_MAX = 1024;

/**
 * Copies the baggage of these keys, or of all with `*`, as attributes of the same names: at most 16, each value cut after
 * 1024 characters. Undefined without keys, so that what nobody asked for costs one comparison. What the application sets
 * itself wins.
 */
export function createBaggageAttributes(keys: readonly string[]): ContextAttributes | undefined {
  if (keys.length === 0) return undefined;
  const entriesOf = keys.includes(EVERY_KEY)
    ? (baggage: Baggage) => baggage.getAllEntries()
    : (baggage: Baggage) => baggage.getAllEntries().filter(([key]) => keys.includes(key));
  return (context) => {
    const baggage = propagation.getBaggage(context);
    if (baggage === undefined) return undefined;
    const entries = entriesOf(baggage).slice(0, ATTRIBUTES_MAX);
    return Object.fromEntries(entries.map(([key, { value }]) => [key, value.slice(0, VALUE_LENGTH_MAX)]));
  };
}
