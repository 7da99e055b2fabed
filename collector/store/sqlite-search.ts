import { toInteger } from './sqlite-rows.ts';
import type { TraceQuery } from './trace-store.ts';

export interface SearchStatement {
  sql: string;
  parameters: (bigint | string)[];
}

/**
 * The traces that fulfil everything but the attributes, newest first. With a service the index `occurrence` is read
 * backwards, without one the index by start, so that the reader may stop at its limit.
 */
export function buildSearch(query: TraceQuery): SearchStatement {
  const parts = query.service === undefined && query.operation === undefined ? fromTraces() : fromOccurrences(query);
  const ranges = rangesOf(query, parts.startColumn);
  const where = [...parts.where, ...ranges.where].join(' AND ');
  return {
    sql: `SELECT trace.* FROM ${parts.from} WHERE ${where === '' ? '1' : where} ORDER BY ${parts.startColumn} DESC, ${parts.idColumn} DESC`,
    parameters: [...parts.parameters, ...ranges.parameters],
  };
}

interface SearchParts {
  from: string;
  where: string[];
  parameters: string[];
  startColumn: string;
  idColumn: string;
}

function fromTraces(): SearchParts {
  return { from: 'trace', where: [], parameters: [], startColumn: 'trace.start_ns', idColumn: 'trace.id' };
}

function fromOccurrences(query: TraceQuery): SearchParts {
  const where: string[] = [];
  const parameters: string[] = [];
  if (query.service !== undefined) {
    where.push('occurrence.service = (SELECT id FROM service WHERE name = ?)');
    parameters.push(query.service);
  }
  if (query.operation !== undefined) {
    where.push('occurrence.operation IN (SELECT id FROM operation WHERE name = ?)');
    parameters.push(query.operation);
  }
  const from = 'occurrence CROSS JOIN trace ON trace.id = occurrence.trace';
  return { from, where, parameters, startColumn: 'occurrence.start_ns', idColumn: 'occurrence.trace' };
}

function rangesOf(query: TraceQuery, startColumn: string): { where: string[]; parameters: bigint[] } {
  const ranges: [condition: string, value: bigint | undefined][] = [
    [`${startColumn} >= ?`, query.startTimeUnixNanoMin],
    [`${startColumn} <= ?`, query.startTimeUnixNanoMax],
    ['trace.duration_ns >= ?', query.durationNanoMin],
    ['trace.duration_ns <= ?', query.durationNanoMax],
  ];
  const given = ranges.flatMap(([condition, value]) =>
    value === undefined ? [] : [{ condition, value: toInteger(value) }],
  );
  const where = given.map(({ condition }) => condition);
  if (query.hasError === true) where.push('trace.error_count > 0');
  return { where, parameters: given.map(({ value }) => value) };
}
