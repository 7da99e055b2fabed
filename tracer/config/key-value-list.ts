import { parseBaggage } from '@tracelab/protocol';
import type { Parsed } from './setting.ts';

/** `key=value,key=value` in baggage syntax (OTEL_RESOURCE_ATTRIBUTES, OTEL_EXPORTER_OTLP_HEADERS): values percent-decoded, the last of a key wins. */
export function parseKeyValueList(text: string): Parsed<Readonly<Record<string, string>>> {
  const { members, droppedCount } = parseBaggage(text);
  const value = Object.fromEntries(members.map((member) => [member.key, member.value]));
  if (droppedCount === 0) return { value };
  // The text may hold an API key, so it is not repeated.
  return {
    value,
    complaint: `should be key=value,key=value, percent-encoded: ${droppedCount} members were malformed and left out`,
  };
}
