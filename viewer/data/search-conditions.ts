import { formatInstant } from './instant.ts';
import type { SearchFilter, TimeRange } from './search-filter.ts';

/** One thing that narrows a search, in words, and the search without it. */
export interface SearchCondition {
  label: string;
  without: SearchFilter;
}

/** Everything that narrows this search; empty where every trace is shown. */
export function listConditions(filter: SearchFilter): SearchCondition[] {
  const conditions: (SearchCondition | undefined)[] = [
    filter.service === '' ? undefined : { label: `service ${filter.service}`, without: { ...filter, service: '' } },
    filter.operation === ''
      ? undefined
      : { label: `operation ${filter.operation}`, without: { ...filter, operation: '' } },
    filter.minDurationMs === undefined
      ? undefined
      : { label: `at least ${filter.minDurationMs} ms`, without: { ...filter, minDurationMs: undefined } },
    filter.maxDurationMs === undefined
      ? undefined
      : { label: `at most ${filter.maxDurationMs} ms`, without: { ...filter, maxDurationMs: undefined } },
    filter.errorsOnly ? { label: 'errors only', without: { ...filter, errorsOnly: false } } : undefined,
    ...filter.attributes.map((attribute) => ({
      label: `${attribute.key} = ${attribute.value}`,
      without: { ...filter, attributes: filter.attributes.filter((other) => other !== attribute) },
    })),
    filter.range.kind === 'all'
      ? undefined
      : { label: describeRange(filter.range), without: { ...filter, range: { kind: 'all' } } },
  ];
  return conditions.filter((condition) => condition !== undefined);
}

export function describeRange(range: TimeRange): string {
  if (range.kind === 'all') return 'any time';
  if (range.kind === 'between')
    return `${formatInstant(nanoFromMilliseconds(range.startUnixMs))} to ${formatInstant(nanoFromMilliseconds(range.endUnixMs))}`;
  const { minutes } = range;
  if (minutes % 1440 === 0) return `last ${minutes / 1440} d`;
  return minutes % 60 === 0 ? `last ${minutes / 60} h` : `last ${minutes} min`;
}

function nanoFromMilliseconds(unixMs: number): bigint {
  return BigInt(unixMs) * 1_000_000n;
}
