import { parseBaggage } from '@tracelab/protocol';
import { splitList } from './propagator-list.ts';
import type { Parsed } from './setting.ts';

/**
 * OTEL_RESOURCE_ATTRIBUTES: `key=value,key=value` in baggage syntax, values percent-decoded, the last of a key wins. With
 * one malformed member the whole list is left out (specification, resource SDK).
 */
export function parseResourceAttributes(text: string): Parsed<Readonly<Record<string, string>>> {
  const { members, droppedCount } = parseBaggage(text);
  if (droppedCount === 0) return { value: Object.fromEntries(members.map((member) => [member.key, member.value])) };
  return { complaint: `should be key=value,key=value, percent-encoded: ${droppedCount} members were malformed` };
}

const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;
// What HTTP can carry: a line break would be a second header.
const HEADER_VALUE = /^[\t\x20-\x7e]*$/;

/**
 * OTEL_EXPORTER_OTLP_HEADERS: the same list, read as tolerantly as the official SDKs do, since people write
 * `authorization=Basic abc==` and mean it: blanks, semicolons and stray percent signs in a value stay as they are.
 */
export function parseHeaderList(text: string): Parsed<Readonly<Record<string, string>>> {
  const value: Record<string, string> = {};
  let malformedCount = 0;
  for (const part of splitList(text)) {
    const equals = part.indexOf('=');
    const name = part.slice(0, Math.max(0, equals)).trim().toLowerCase();
    const header = percentDecode(part.slice(equals + 1).trim());
    if (HEADER_NAME.test(name) && HEADER_VALUE.test(header)) value[name] = header;
    else malformedCount++;
  }
  return malformedCount === 0 ? { value } : { value, complaint: malformedList(malformedCount) };
}

function percentDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The text may hold an API key, so it is not repeated. */
function malformedList(count: number): string {
  return `should be key=value,key=value, percent-encoded: ${count} members were malformed and left out`;
}
