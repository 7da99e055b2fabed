import type { TraceSummary } from '@tracelab/protocol';
import type { DecidedTraceSink } from '../sample/decided-trace.ts';

/**
 * Keeps decided traces. It is asynchronous and takes numbers and bytes only, so that it can live in a worker or on
 * another machine. Every implementation passes `contract.ts`.
 *
 * The queue towards it is bounded: `hasRoom` turns false at the bound and true again when half of it is written.
 * `accept` takes the trace even then; what was accepted is written, or counted as dropped with the reason in the log.
 */
export interface TraceStore extends DecidedTraceSink {
  /** When whoever found no room shall come back: from how fast it was written lately, whole seconds, 1 to 60. */
  retryAfterS: () => number;
  /** Every part of a trace, queued ones too, as encoded TracesData in the order of acceptance; none: unknown. A part may come twice. */
  readParts: (traceId: string) => Promise<Uint8Array[]>;
  search: (query: TraceQuery) => Promise<TraceSearchResult>;
  /** Sorted, each once; only what is written. */
  services: () => Promise<string[]>;
  operations: (service: string) => Promise<string[]>;
  /** In spans: accepted = stored + queued + dropped. */
  counts: () => StoreCounts;
  /** Calls back after each write. Returns the unsubscription. */
  onStored: (listener: (stored: StoredNotice) => void) => () => void;
  /** Resolves when all that was accepted so far is written or dropped. */
  flush: () => Promise<void>;
  /** Flushes, within the given time, and ends. What is left is counted as dropped. */
  close: (withinMs: number) => Promise<void>;
}

/** Absent means no condition. Times are inclusive. */
export interface TraceQuery {
  service?: string;
  operation?: string;
  durationNanoMin?: bigint;
  durationNanoMax?: bigint;
  /** Only traces with at least one error. */
  hasError?: boolean;
  /** All must match on one span or its resource. */
  attributes?: readonly AttributeCondition[];
  startTimeUnixNanoMin?: bigint;
  startTimeUnixNanoMax?: bigint;
  limit: number;
}

/** Compared as text: `true`, `200`, `1.5`. */
export interface AttributeCondition {
  key: string;
  value: string;
}

export interface TraceSearchResult {
  /** Newest start first. */
  traces: TraceSummary[];
  /** The scan for attributes stopped at its bound, or met a trace that is too large to be read. */
  truncated: boolean;
}

export interface StoreCounts {
  spansAccepted: number;
  spansStored: number;
  spansQueued: number;
  spansDropped: number;
  bytesQueued: number;
}

export interface StoredNotice {
  tracesStored: number;
  newestStartTimeUnixNano: bigint;
}

/** Traces decoded for one search by attributes; the newest ones. */
export const ATTRIBUTE_SCAN_TRACES_MAX = 5000;
