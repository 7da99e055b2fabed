import type { DecidedTrace, OperationCount } from '../sample/decided-trace.ts';
import { matchesAttributes } from './match-attributes.ts';
import { mergeParts, summarizeRow } from './summarize-row.ts';
import { addRows, rowOf, type TraceRow } from './trace-row.ts';
import { ATTRIBUTE_SCAN_TRACES_MAX, type TraceQuery, type TraceSearchResult } from './trace-store.ts';
import type { TraceTable, WriteOutcome } from './trace-table.ts';

interface MemoryTrace {
  traceId: string;
  row: TraceRow;
  parts: Uint8Array[];
  operations: OperationCount[];
}

/** The store's twin in memory, for tests and for runs that shall leave nothing behind. At the bound it takes nothing more. */
export class MemoryTable implements TraceTable {
  readonly #bytesMax: number;
  readonly #traces = new Map<string, MemoryTrace>();
  #byteCount = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  write(batch: readonly DecidedTrace[]): Promise<WriteOutcome> {
    const bytes = batch.reduce((total, trace) => total + trace.bytes.length, 0);
    if (this.#byteCount + bytes > this.#bytesMax) {
      return Promise.resolve({ kind: 'unavailable', reason: `the memory store holds at most ${this.#bytesMax} bytes` });
    }
    this.#byteCount += bytes;
    for (const trace of batch) this.#add(trace);
    return Promise.resolve({ kind: 'stored' });
  }

  readParts(traceId: string): Promise<Uint8Array[]> {
    return Promise.resolve([...(this.#traces.get(traceId)?.parts ?? [])]);
  }

  search(query: TraceQuery): Promise<TraceSearchResult> {
    const conditions = query.attributes ?? [];
    const candidates = [...this.#traces.values()].filter((trace) => fits(trace, query)).sort(byNewestStart);
    const scanned = conditions.length === 0 ? candidates : candidates.slice(0, ATTRIBUTE_SCAN_TRACES_MAX);
    let hasTooLarge = false;
    const found = scanned.filter((trace) => {
      if (conditions.length === 0) return true;
      const data = mergeParts(trace.parts);
      hasTooLarge ||= !data.ok;
      return data.ok && matchesAttributes(data.value, conditions);
    });
    const traces = found
      .slice(0, query.limit)
      .map((trace) => summarizeRow(trace.traceId, trace.row, () => trace.parts));
    const isCut = scanned.length < candidates.length && traces.length < query.limit;
    return Promise.resolve({ traces, truncated: isCut || hasTooLarge });
  }

  services(): Promise<string[]> {
    return Promise.resolve(sortedOnce(this.#operations().map(({ service }) => service)));
  }

  operations(service: string): Promise<string[]> {
    const ofService = this.#operations().filter((operation) => operation.service === service);
    return Promise.resolve(sortedOnce(ofService.map(({ operation }) => operation)));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #add(part: DecidedTrace): void {
    const known = this.#traces.get(part.traceId);
    const row = known === undefined ? rowOf(part) : addRows(known.row, rowOf(part));
    this.#traces.set(part.traceId, {
      traceId: part.traceId,
      row,
      parts: [...(known?.parts ?? []), part.bytes],
      operations: [...(known?.operations ?? []), ...part.operations],
    });
  }

  #operations(): OperationCount[] {
    return [...this.#traces.values()].flatMap((trace) => trace.operations);
  }
}

function fits(trace: MemoryTrace, query: TraceQuery): boolean {
  return (
    isInRange(trace.row, query) && hasOperation(trace, query) && (query.hasError !== true || trace.row.errorCount > 0)
  );
}

function isInRange({ startTimeUnixNano: start, endTimeUnixNano: end }: TraceRow, query: TraceQuery): boolean {
  const duration = end - start;
  return (
    start >= (query.startTimeUnixNanoMin ?? start) &&
    start <= (query.startTimeUnixNanoMax ?? start) &&
    duration >= (query.durationNanoMin ?? duration) &&
    duration <= (query.durationNanoMax ?? duration)
  );
}

function hasOperation(trace: MemoryTrace, query: TraceQuery): boolean {
  return trace.operations.some(
    ({ service, operation }) => service === (query.service ?? service) && operation === (query.operation ?? operation),
  );
}

function byNewestStart(one: MemoryTrace, other: MemoryTrace): number {
  return one.row.startTimeUnixNano > other.row.startTimeUnixNano ? -1 : 1;
}

function sortedOnce(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}
