import type { ServiceSpanCount } from '@tracelab/protocol';
import type { DecidedTrace, OperationCount, TraceRoot } from '../sample/decided-trace.ts';

/** What a store knows of a trace without decoding it: the parts that came so far, summed up. */
export interface TraceRow {
  startTimeUnixNano: bigint;
  endTimeUnixNano: bigint;
  spanCount: number;
  errorCount: number;
  root: TraceRoot | undefined;
  services: ServiceSpanCount[];
  partCount: number;
}

export function rowOf(part: DecidedTrace): TraceRow {
  const { startTimeUnixNano, endTimeUnixNano, spanCount, errorCount, root } = part;
  return {
    startTimeUnixNano,
    endTimeUnixNano,
    spanCount,
    errorCount,
    root,
    services: countServices(part.operations),
    partCount: 1,
  };
}

/** A span that is in both parts counts twice here: exact numbers of a trace in parts are computed when it is read. */
export function addRows(earlier: TraceRow, later: TraceRow): TraceRow {
  return {
    startTimeUnixNano:
      earlier.startTimeUnixNano < later.startTimeUnixNano ? earlier.startTimeUnixNano : later.startTimeUnixNano,
    endTimeUnixNano: earlier.endTimeUnixNano > later.endTimeUnixNano ? earlier.endTimeUnixNano : later.endTimeUnixNano,
    spanCount: earlier.spanCount + later.spanCount,
    errorCount: earlier.errorCount + later.errorCount,
    root: earlierRoot(earlier.root, later.root),
    services: sumServices([...earlier.services, ...later.services]),
    partCount: earlier.partCount + later.partCount,
  };
}

function earlierRoot(one: TraceRoot | undefined, other: TraceRoot | undefined): TraceRoot | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return other.startTimeUnixNano < one.startTimeUnixNano ? other : one;
}

function countServices(operations: readonly OperationCount[]): ServiceSpanCount[] {
  return sumServices(operations.map(({ service, spanCount, errorCount }) => ({ service, spanCount, errorCount })));
}

function sumServices(counts: readonly ServiceSpanCount[]): ServiceSpanCount[] {
  const byService = new Map<string, ServiceSpanCount>();
  for (const { service, spanCount, errorCount } of counts) {
    const sum = byService.get(service);
    byService.set(service, {
      service,
      spanCount: (sum?.spanCount ?? 0) + spanCount,
      errorCount: (sum?.errorCount ?? 0) + errorCount,
    });
  }
  return [...byService.values()].sort((one, other) => (one.service < other.service ? -1 : 1));
}
