import type { ServiceSpanCount } from '@tracelab/protocol';
import type { TraceRoot } from '../sample/decided-trace.ts';
import type { TraceRow } from './trace-row.ts';

/** A row of the table `trace` as node:sqlite returns it with bigints switched on. */
export interface TraceRecord {
  id: bigint;
  trace_id: Uint8Array;
  start_ns: bigint;
  end_ns: bigint;
  span_count: bigint;
  error_count: bigint;
  root: string;
  services: string;
  part_count: bigint;
}

export function rowFromRecord(record: TraceRecord): TraceRow {
  return {
    startTimeUnixNano: record.start_ns,
    endTimeUnixNano: record.end_ns,
    spanCount: Number(record.span_count),
    errorCount: Number(record.error_count),
    root: parseRoot(record.root),
    services: JSON.parse(record.services) as ServiceSpanCount[],
    partCount: Number(record.part_count),
  };
}

/** The columns of a row in the order of the table; OTLP's unsigned times are cut to SQLite's signed 64 bits. */
export function columnsOfRow(row: TraceRow): (bigint | number | string)[] {
  const start = toInteger(row.startTimeUnixNano);
  const end = toInteger(row.endTimeUnixNano);
  return [
    start,
    end,
    end - start,
    row.spanCount,
    row.errorCount,
    writeRoot(row.root),
    JSON.stringify(row.services),
    row.partCount,
  ];
}

const INTEGER_MAX = 2n ** 63n - 1n;

export function toInteger(timeNano: bigint): bigint {
  return timeNano > INTEGER_MAX ? INTEGER_MAX : timeNano;
}

function writeRoot(root: TraceRoot | undefined): string {
  return root === undefined ? '' : JSON.stringify([root.service, root.name, root.startTimeUnixNano.toString()]);
}

function parseRoot(text: string): TraceRoot | undefined {
  if (text === '') return undefined;
  const [service, name, start] = JSON.parse(text) as [string, string, string];
  return { service, name, startTimeUnixNano: BigInt(start) };
}
