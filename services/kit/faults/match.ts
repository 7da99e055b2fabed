import type { FaultMatch, FaultSpec } from '@tracelab/protocol';
import { parseBaggage } from '@tracelab/protocol';

/** What a fault looks at to decide whether a request is one of its own. */
export interface FaultTarget {
  method: string;
  /** As the service registered it: `/entries/:key`. */
  route: string;
  /** As it was asked for, without the query: `/entries/price:mug`. */
  path: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
}

export function isTargeted(fault: FaultSpec, target: FaultTarget): boolean {
  if (fault.method !== undefined && fault.method !== target.method) return false;
  if (fault.route !== undefined && !matchesRoute(fault.route, target)) return false;
  return fault.match === undefined || matchesCarrier(fault.match, target.headers);
}

/** A pattern may be the registered route or a path; `*` at its end stands for any rest. */
function matchesRoute(pattern: string, target: FaultTarget): boolean {
  if (!pattern.endsWith('*')) return pattern === target.route || pattern === target.path;
  const start = pattern.slice(0, -1);
  return target.route.startsWith(start) || target.path.startsWith(start);
}

function matchesCarrier(match: FaultMatch, headers: FaultTarget['headers']): boolean {
  if ('header' in match) return matchesValue(match.value, headerText(headers, match.header));
  const members = parseBaggage(headerText(headers, 'baggage') ?? '').members;
  return members.some((member) => member.key === match.baggage && matchesValue(match.value, member.value));
}

function matchesValue(wanted: string | undefined, got: string | undefined): boolean {
  return got !== undefined && (wanted === undefined || wanted === got);
}

/** A header sent more than once is one list (RFC 9110, 5.3). */
function headerText(headers: FaultTarget['headers'], name: string): string | undefined {
  const value = headers[name.toLowerCase()];
  return Array.isArray(value) ? value.join(',') : value;
}
