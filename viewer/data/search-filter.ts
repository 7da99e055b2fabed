/** What the search page asks for, and its two written forms: the address bar and the collector's query API. */
export interface SearchFilter {
  /** Empty text means any, as in every text field here. */
  service: string;
  operation: string;
  minDurationMs: number | undefined;
  maxDurationMs: number | undefined;
  errorsOnly: boolean;
  attributes: AttributeFilter[];
  range: TimeRange;
  limit: number;
}

export interface AttributeFilter {
  key: string;
  value: string;
}

export type TimeRange =
  | { kind: 'all' }
  | { kind: 'last'; minutes: number }
  | { kind: 'between'; startUnixMs: number; endUnixMs: number };

const LIMIT_DEFAULT = 50;
export const LIMIT_MAX = 500;
/** Bounds of what an address may carry; the rest is left out and said. */
export const ATTRIBUTES_MAX = 8;
export const TEXT_LENGTH_MAX = 400;
const DURATION_MS_MAX = 1e12;
const MINUTES_MAX = 60 * 24 * 366;
const UNIX_MS_MAX = 8.64e15;

export const FILTER_DEFAULT: SearchFilter = {
  service: '',
  operation: '',
  minDurationMs: undefined,
  maxDurationMs: undefined,
  errorsOnly: false,
  attributes: [],
  range: { kind: 'all' },
  limit: LIMIT_DEFAULT,
};

/** Writes only what differs from the default, so that addresses stay short. */
export function writeFilter(filter: SearchFilter, into: URLSearchParams): void {
  if (filter.service !== '') into.set('service', filter.service);
  if (filter.operation !== '') into.set('operation', filter.operation);
  if (filter.minDurationMs !== undefined) into.set('minDurationMs', String(filter.minDurationMs));
  if (filter.maxDurationMs !== undefined) into.set('maxDurationMs', String(filter.maxDurationMs));
  if (filter.errorsOnly) into.set('error', 'true');
  for (const { key, value } of filter.attributes) into.append('attribute', `${key}=${value}`);
  if (filter.limit !== LIMIT_DEFAULT) into.set('limit', String(filter.limit));
  writeRange(filter.range, into);
}

function writeRange(range: TimeRange, into: URLSearchParams): void {
  if (range.kind === 'last') into.set('lastMinutes', String(range.minutes));
  if (range.kind !== 'between') return;
  into.set('startUnixMs', String(range.startUnixMs));
  into.set('endUnixMs', String(range.endUnixMs));
}

/** Reads a filter from an address; what cannot be used is left out and named in `problems`. */
export function readFilter(from: URLSearchParams, problems: string[]): SearchFilter {
  return {
    service: readText(from, 'service', problems),
    operation: readText(from, 'operation', problems),
    minDurationMs: readNumber(from, 'minDurationMs', { min: 0, max: DURATION_MS_MAX }, problems),
    maxDurationMs: readNumber(from, 'maxDurationMs', { min: 0, max: DURATION_MS_MAX }, problems),
    errorsOnly: readFlag(from, 'error', problems),
    attributes: readAttributes(from, problems),
    range: readRange(from, problems),
    limit: readWhole(from, 'limit', { min: 1, max: LIMIT_MAX }, problems) ?? LIMIT_DEFAULT,
  };
}

/** Turns `key=value` into a filter; undefined where there is no key. A value may hold further equals signs. */
export function parseAttribute(text: string): AttributeFilter | undefined {
  const equals = text.indexOf('=');
  if (equals < 1 || text.length > TEXT_LENGTH_MAX) return undefined;
  return { key: text.slice(0, equals), value: text.slice(equals + 1) };
}

/** The query of `GET /api/lab/traces`. A relative range is counted back from `nowUnixMs`. */
export function filterToApiQuery(filter: SearchFilter, nowUnixMs: number): string {
  const query = new URLSearchParams();
  writeFilter(filter, query);
  query.delete('lastMinutes');
  if (filter.range.kind === 'last') query.set('startUnixMs', String(nowUnixMs - filter.range.minutes * 60_000));
  query.set('limit', String(filter.limit));
  return query.toString();
}

function readText(from: URLSearchParams, name: string, problems: string[]): string {
  const text = from.get(name) ?? '';
  if (text.length <= TEXT_LENGTH_MAX) return text;
  problems.push(`${name} has ${text.length} characters, at most ${TEXT_LENGTH_MAX} are allowed`);
  return '';
}

function readFlag(from: URLSearchParams, name: string, problems: string[]): boolean {
  const text = from.get(name);
  if (text === null || text === 'false') return false;
  if (text !== 'true') problems.push(`${name} should be true or false: was "${shorten(text)}"`);
  return text === 'true';
}

interface Bounds {
  min: number;
  max: number;
}

function readNumber(from: URLSearchParams, name: string, bounds: Bounds, problems: string[]): number | undefined {
  const text = from.get(name);
  if (text === null) return undefined;
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value >= bounds.min && value <= bounds.max) return value;
  problems.push(`${name} should be a number from ${bounds.min} to ${bounds.max}: was "${shorten(text)}"`);
  return undefined;
}

function readWhole(from: URLSearchParams, name: string, bounds: Bounds, problems: string[]): number | undefined {
  const value = readNumber(from, name, bounds, problems);
  if (value === undefined || Number.isInteger(value)) return value;
  problems.push(`${name} should be a whole number: was ${value}`);
  return undefined;
}

function readAttributes(from: URLSearchParams, problems: string[]): AttributeFilter[] {
  const attributes: AttributeFilter[] = [];
  for (const text of from.getAll('attribute')) {
    const attribute = parseAttribute(text);
    if (attribute === undefined) problems.push(`attribute should be key=value: was "${shorten(text)}"`);
    else if (attributes.length < ATTRIBUTES_MAX) attributes.push(attribute);
    else problems.push(`at most ${ATTRIBUTES_MAX} attributes are searched: "${shorten(text)}" was left out`);
  }
  return attributes;
}

function readRange(from: URLSearchParams, problems: string[]): TimeRange {
  const minutes = readWhole(from, 'lastMinutes', { min: 1, max: MINUTES_MAX }, problems);
  if (minutes !== undefined) return { kind: 'last', minutes };
  const startUnixMs = readWhole(from, 'startUnixMs', { min: 0, max: UNIX_MS_MAX }, problems);
  const endUnixMs = readWhole(from, 'endUnixMs', { min: 0, max: UNIX_MS_MAX }, problems);
  if (startUnixMs === undefined && endUnixMs === undefined) return { kind: 'all' };
  if (startUnixMs !== undefined && endUnixMs !== undefined && startUnixMs < endUnixMs)
    return { kind: 'between', startUnixMs, endUnixMs };
  problems.push('a time range needs startUnixMs and endUnixMs, the start before the end');
  return { kind: 'all' };
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
